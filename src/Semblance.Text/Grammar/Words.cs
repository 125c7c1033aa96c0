using System.Globalization;
using Semblance.Core;

namespace Semblance.Text.Grammar;

/// <summary>Ways to say one thing, each with a weight: <c>man:6|guy|gentleman:.5</c>; a weight that is not given is 1.</summary>
internal sealed class Words
{
    private readonly string[] _choices;
    private readonly double[] _weights;

    private Words(string list)
    {
        var entries = list.Split('|');
        _choices = new string[entries.Length];
        _weights = new double[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var colon = entries[i].LastIndexOf(':');
            _choices[i] = colon < 0 ? entries[i] : entries[i][..colon];
            _weights[i] = colon < 0 ? 1 : double.Parse(entries[i].AsSpan(colon + 1), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>All choices; the first is the plain one.</summary>
    public IReadOnlyList<string> All => _choices;

    /// <summary>The word that everybody would use.</summary>
    public string Plain => _choices[0];

    public string Pick(ref Randomness random) => _choices[random.PickWeighted(_weights)];

    public static implicit operator Words(string list) => new(list);
}
