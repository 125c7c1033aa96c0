using Semblance.Core;

namespace Semblance.Models;

/// <summary>Makes mismatched pairs out of a batch of true ones, for image-text matching [decision D23].</summary>
public static class PairRepairing
{
    /// <summary>Draws up to <paramref name="count"/> pictures without replacement and gives each the words of another sample: of another identity, and with other words.</summary>
    /// <param name="identities"><c>[B]</c>; below 0 is unknown, and equals nobody.</param>
    /// <param name="captionKeys">Equal exactly where the captions are equal, <c>[B]</c>.</param>
    /// <param name="count">How many are wanted, usually B/2.</param>
    /// <param name="random">The batch's stream.</param>
    /// <returns>Pairs (index of the picture, index of the words); fewer than asked for when a picture has no stranger in the batch.</returns>
    public static (int Image, int Text)[] Draw(ReadOnlySpan<long> identities, ReadOnlySpan<long> captionKeys, int count, ref Randomness random)
    {
        if (identities.Length != captionKeys.Length)
        {
            throw new ArgumentException($"{identities.Length} identities but {captionKeys.Length} caption keys: expected as many", nameof(captionKeys));
        }

        var images = Enumerable.Range(0, identities.Length).ToArray();
        random.Shuffle<int>(images);
        var pairs = new List<(int, int)>(count);
        var strangers = new List<int>(identities.Length);
        foreach (var b in images)
        {
            if (pairs.Count == count)
            {
                break;
            }

            strangers.Clear();
            for (var c = 0; c < identities.Length; c++)
            {
                var samePerson = c == b || (identities[b] >= 0 && identities[b] == identities[c]);
                if (!samePerson && captionKeys[b] != captionKeys[c])
                {
                    strangers.Add(c);
                }
            }

            if (strangers.Count > 0)
            {
                pairs.Add((b, strangers[random.Next(strangers.Count)]));
            }
        }

        return [.. pairs];
    }
}
