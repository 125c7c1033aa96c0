using System.Runtime.InteropServices;
using Semblance.Gallery.Search;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>What filters ask for, column by column, so that a filter reads little memory; id 0 where a slot is empty.</summary>
internal sealed class SightingColumns
{
    private readonly Codes _cameras = new(), _labels = new(), _tracks = new();
    private readonly List<long> _ids = [], _taken = [], _people = [];
    private readonly List<int> _camera = [], _label = [], _track = [];

    public int Count => _ids.Count;

    public long Id(int slot) => _ids[slot];

    public void Add(StoredSighting sighting)
    {
        AddUnknown();
        Set(Count - 1, sighting);
    }

    /// <summary>A slot that nothing is known about, which no filter admits.</summary>
    public void AddUnknown()
    {
        _ids.Add(0);
        _taken.Add(0);
        _people.Add(0);
        _camera.Add(0);
        _label.Add(0);
        _track.Add(0);
    }

    public void Set(int slot, StoredSighting sighting)
    {
        _ids[slot] = sighting.Id;
        _taken[slot] = sighting.Taken?.ToUnixTimeMilliseconds() ?? long.MinValue;
        _people[slot] = sighting.Person ?? 0;
        _camera[slot] = _cameras.Of(sighting.Camera);
        _label[slot] = _labels.Of(sighting.Label);
        _track[slot] = _tracks.Of(sighting.Track);
    }

    public void Clear(int slot)
    {
        (_ids[slot], _taken[slot], _people[slot]) = (0, long.MinValue, 0);
        (_camera[slot], _label[slot], _track[slot]) = (0, 0, 0);
    }

    public SlotMask Admitted(SightingFilter filter)
    {
        var mask = new SlotMask(Count);
        var cameras = filter.Cameras is null ? null : _cameras.Wanted(filter.Cameras);
        var (label, track) = (filter.Label is null ? -1 : _labels.Known(filter.Label), filter.Track is null ? -1 : _tracks.Known(filter.Track));
        var person = filter.Person ?? -1;
        var (timed, from, until) = (filter.From is not null || filter.Until is not null, filter.From?.ToUnixTimeMilliseconds() ?? long.MinValue + 1, filter.Until?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        var ids = CollectionsMarshal.AsSpan(_ids);
        var taken = CollectionsMarshal.AsSpan(_taken);
        var people = CollectionsMarshal.AsSpan(_people);
        var camera = CollectionsMarshal.AsSpan(_camera);
        var labels = CollectionsMarshal.AsSpan(_label);
        var tracks = CollectionsMarshal.AsSpan(_track);
        for (var slot = 0; slot < ids.Length; slot++)
        {
            if (ids[slot] != 0
                && (cameras is null || cameras[camera[slot]])
                && (!timed || (taken[slot] >= from && taken[slot] < until))
                && (person < 0 || people[slot] == person)
                && (label == -1 || labels[slot] == label)
                && (track == -1 || tracks[slot] == track))
            {
                mask[slot] = true;
            }
        }

        return mask;
    }

    /// <summary>Words as numbers from 1; 0 is no word.</summary>
    private sealed class Codes
    {
        private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);

        public int Of(string? word)
        {
            if (word is null)
            {
                return 0;
            }

            ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(_codes, word, out var known);
            return known ? code : code = _codes.Count;
        }

        /// <summary>The word's number, or one that no slot has.</summary>
        public int Known(string word) => _codes.GetValueOrDefault(word, -2);

        public bool[] Wanted(IEnumerable<string> words)
        {
            var wanted = new bool[_codes.Count + 1];
            foreach (var code in words.Select(Known).Where(code => code > 0))
            {
                wanted[code] = true;
            }

            return wanted;
        }
    }
}
