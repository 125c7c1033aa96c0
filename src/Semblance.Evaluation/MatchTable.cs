namespace Semblance.Evaluation;

/// <summary>Says for each query what every gallery item is, by walking only the items of its identity and of its picture.</summary>
internal sealed class MatchTable
{
    private readonly IReadOnlyList<Sighting> _queries;
    private readonly IReadOnlyList<Sighting> _gallery;
    private readonly bool _sameCameraRule;
    private readonly Match[] _anybody;
    private readonly Dictionary<string, List<int>> _byIdentity = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>>? _byPicture;

    public MatchTable(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, bool sameCameraRule, bool ownPictureExcluded)
    {
        _queries = queries;
        _gallery = gallery;
        _sameCameraRule = sameCameraRule;
        _byPicture = ownPictureExcluded ? new(StringComparer.Ordinal) : null;
        _anybody = new Match[gallery.Count];
        for (var g = 0; g < gallery.Count; g++)
        {
            var item = gallery[g];
            if (item.Role == GalleryRole.Junk)
            {
                _anybody[g] = Match.Removed;
                JunkItems++;
                continue;
            }

            Add(_byIdentity, item.Identity, g);
            if (item.Picture is { } picture && _byPicture is not null)
            {
                Add(_byPicture, picture, g);
            }
        }
    }

    public int JunkItems { get; }

    public void Fill(int query, Span<Match> matches)
    {
        _anybody.CopyTo(matches);
        var sighting = _queries[query];
        foreach (var g in _byIdentity.GetValueOrDefault(sighting.Identity) ?? [])
        {
            var item = _gallery[g];
            if (_sameCameraRule && item.Camera is { } camera && camera == sighting.Camera)
            {
                matches[g] = Match.Removed;
            }
            else if (item.Role == GalleryRole.Person)
            {
                matches[g] = Match.Positive;
            }
        }

        if (_byPicture is not null && sighting.Picture is { } own)
        {
            foreach (var g in _byPicture.GetValueOrDefault(own) ?? [])
            {
                matches[g] = Match.Removed;
            }
        }
    }

    private static void Add(Dictionary<string, List<int>> lists, string key, int index)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists.Add(key, list = []);
        }

        list.Add(index);
    }
}
