using System.Collections.Concurrent;
using Semblance.Core;
using Semblance.Imaging;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Cameras;
using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Rendering;
using Semblance.Synthesis.Scenes;
using Semblance.Text;

namespace Semblance.Synthesis;

/// <summary>
/// People of one domain under its cameras, rendered on demand. Every picture is a pure function of (options, identity, image): no order, no thread and no earlier
/// picture changes a byte of it. Safe to share between threads.
/// </summary>
public sealed partial class World
{
    private readonly CameraProfile[] _cameras;
    private readonly CaptionGrammar _grammar;
    private readonly ConcurrentBag<Studio> _studios = [];

    /// <exception cref="ArgumentException">An option is out of its range, or the domain is unknown; the message names every fault.</exception>
    public World(WorldOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
        Domain = Domain.Named(options.Domain);
        _cameras = [.. Enumerable.Range(1, Domain.Cameras).Select(number => CameraProfile.Of(Domain, number))];
        _grammar = new CaptionGrammar(options.Captions);
    }

    public WorldOptions Options { get; }

    public Domain Domain { get; }

    /// <summary>Pictures in all.</summary>
    public int Count => Options.Identities * Options.ImagesPerIdentity;

    /// <summary>Everything that words can say about a person, seen from all sides.</summary>
    public PersonDescription Describe(int identity)
    {
        var (body, outfit, traits) = Person(identity);
        return Visibility.Whole(body, outfit, traits);
    }

    /// <summary>FineGPR's thirteen attributes of a person, in its codes.</summary>
    public IReadOnlyDictionary<string, int> Attributes(int identity) => Visibility.FineGprCodes(Describe(identity));

    /// <summary>What a picture shows and what is said of it, without drawing it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such identity or image.</exception>
    public Sighting Look(int identity, int image)
    {
        var (body, outfit, traits) = Person(identity);
        return Look(body, outfit, traits, Shoot(outfit, identity, image), identity, image);
    }

    /// <summary>Draws a picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such identity or image.</exception>
    public RenderedPicture Render(int identity, int image)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(identity);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(identity, Options.Identities);
        return RenderAny(identity, image);
    }

    /// <summary>A picture of somebody beyond the world's identities, whose box is off; identity counts on from <see cref="WorldOptions.Identities"/>.</summary>
    internal Sighting LookAtStray(int identity)
    {
        var (body, outfit, traits) = Wardrobe.Draw(Domain, Options.Seed, identity);
        return Look(body, outfit, traits, Shoot(outfit, identity, 0), identity, 0) with { Captions = [] };
    }

    internal RenderedPicture RenderAny(int identity, int image)
    {
        var (body, outfit, traits) = Wardrobe.Draw(Domain, Options.Seed, identity);
        var shot = Shoot(outfit, identity, image);
        var studio = _studios.TryTake(out var free) ? free : new Studio();
        var (picture, parts) = studio.Draw(Options, Domain, shot, body, outfit, Stranger);
        _studios.Add(studio);
        return new RenderedPicture { Picture = picture, Parts = parts, Box = BoxAround(parts), Sighting = Look(body, outfit, traits, shot, identity, image) };
    }

    private (Physique Body, Outfit Outfit, Traits Traits) Person(int identity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(identity);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(identity, Options.Identities);
        return Wardrobe.Draw(Domain, Options.Seed, identity);
    }

    private Shot Shoot(Outfit outfit, int identity, int image)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, Options.ImagesPerIdentity);
        var shot = Direction.Draw(Options, Domain, _cameras, outfit, identity, image);

        // Strays are what detectors get wrong: half a person, or only legs.
        return identity < Options.Identities ? shot : shot with { Cut = (identity & 1) == 0 ? Cut.Feet : Cut.Head, CutShare = 0.35f + (0.03f * (identity % 8)) };
    }

    /// <summary>Somebody who passes by and has no identity.</summary>
    private (Physique Body, Outfit Outfit) Stranger(Randomness key)
    {
        var (body, outfit, _) = Wardrobe.Draw(Domain, key.NextBits() | (1UL << 63), -3);
        return (body, outfit);
    }

    private Sighting Look(Physique body, Outfit outfit, Traits traits, Shot shot, int identity, int image)
    {
        var description = Visibility.Seen(Visibility.Whole(body, outfit, traits), outfit, shot, Domain);
        var words = Randomness.For(Options.Seed, Randomness.Key("captions"), Randomness.Key(Domain.Name), identity, image);
        return new Sighting
        {
            Identity = identity,
            Image = image,
            Camera = shot.Camera.Number,
            Viewpoint = (int)shot.Viewpoint,
            Weather = shot.Weather,
            TimeOfDay = shot.Time,
            Sequence = shot.Sequence,
            Frame = shot.Frame,
            Description = description,
            Captions = _grammar.WriteSeveral(description, Options.CaptionsPerImage, ref words),
        };
    }

    private static Box? BoxAround(LabelMap parts)
    {
        var (left, top, right, bottom) = (parts.Width, parts.Height, -1, -1);
        for (var y = 0; y < parts.Height; y++)
        {
            for (var x = 0; x < parts.Width; x++)
            {
                if (parts.Labels[(y * parts.Width) + x] != 0)
                {
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), y);
                }
            }
        }

        return right < 0 ? null : new Box(left, top, right - left + 1, bottom - top + 1);
    }
}
