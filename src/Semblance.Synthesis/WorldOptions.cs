using Semblance.Text;

namespace Semblance.Synthesis;

/// <summary>What a world is made from. The same options give the same bytes, on any number of threads.</summary>
public sealed record WorldOptions
{
    /// <summary>Name of the domain; see <see cref="Scenes.Domain.All"/>.</summary>
    public string Domain { get; init; } = "plaza";

    /// <summary>Other seeds have other people; cameras and places belong to the domain.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many people, 1 to 100,000.</summary>
    public int Identities { get; init; } = 100;

    /// <summary>How many pictures of each, 1 to 5,000, spread over the cameras and over viewpoints.</summary>
    public int ImagesPerIdentity { get; init; } = 8;

    /// <summary>Columns of a picture, 16 to 1024.</summary> <value>128, as in MMET's 256 x 128.</value>
    public int Width { get; init; } = 128;

    /// <summary>Rows of a picture, 16 to 2048.</summary> <value>256</value>
    public int Height { get; init; } = 256;

    /// <summary>Captions of a picture.</summary> <value>2, as in CUHK-PEDES.</value>
    public int CaptionsPerImage { get; init; } = 2;

    /// <summary>How captions are worded.</summary>
    public CaptionOptions Captions { get; init; } = new();

    /// <summary>Share of pictures with a thing in front of the person.</summary>
    public double Occlusion { get; init; } = 0.12;

    /// <summary>Share of pictures with other people in them.</summary>
    public double Company { get; init; } = 0.3;

    /// <summary>How far boxes are off, as a share of the person's size.</summary>
    public double BoxJitter { get; init; } = 0.03;

    /// <summary>Share of pictures whose box cuts off head or feet.</summary>
    public double CutBoxes { get; init; } = 0.06;

    /// <summary>Throws unless every option is in its range; the message names every fault.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or the domain is unknown.</exception>
    public void Check()
    {
        Scenes.Domain.Named(Domain);
        List<string> faults = [];
        void Range(string name, double value, double low, double high)
        {
            if (!(value >= low && value <= high))
            {
                faults.Add($"{name} is {value}, expected {low} to {high}");
            }
        }

        Range(nameof(Identities), Identities, 1, 100_000);
        Range(nameof(ImagesPerIdentity), ImagesPerIdentity, 1, 5_000);
        Range(nameof(Width), Width, 16, 1024);
        Range(nameof(Height), Height, 16, 2048);
        Range(nameof(CaptionsPerImage), CaptionsPerImage, 0, 100);
        Range(nameof(Occlusion), Occlusion, 0, 1);
        Range(nameof(Company), Company, 0, 1);
        Range(nameof(BoxJitter), BoxJitter, 0, 0.5);
        Range(nameof(CutBoxes), CutBoxes, 0, 1);
        if (faults.Count > 0)
        {
            throw new ArgumentException($"a world cannot be made: {string.Join("; ", faults)}");
        }
    }
}
