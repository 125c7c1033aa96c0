using Semblance.Data;
using Semblance.Synthesis.Scenes;

namespace Semblance.Synthesis.Layouts;

/// <summary>Names every picture of a world as a real set would, and deals them out to the splits.</summary>
internal static class Plan
{
    /// <summary>The records of a layout in canonical order: sorted by path, for CUHK-PEDES in the order of its annotation.</summary>
    public static IReadOnlyList<Planned> Of(World world, WorldLayout layout, WorldSplit split)
    {
        var (train, val) = split.Counts(world.Options.Identities);
        List<Planned> planned = [];
        for (var identity = 0; identity < world.Options.Identities; identity++)
        {
            var part = layout == WorldLayout.Images ? Split.Gallery : identity < train ? Split.Train : identity < train + val ? Split.Val : TestSplit(layout);
            var sightings = Enumerable.Range(0, world.Options.ImagesPerIdentity).Select(image => world.Look(identity, image)).Select(sighting => layout == WorldLayout.Cuhk03Np ? sighting with { Camera = View(sighting) } : sighting).ToArray();
            var queries = part == Split.Gallery && layout != WorldLayout.Images ? Queries(sightings) : [];
            foreach (var sighting in sightings)
            {
                var role = queries.Contains(sighting.Image) ? Split.Query : part;

                // MSMT17 counts the people of each side from 0.
                var number = layout != WorldLayout.Msmt17 ? identity + 1 : part is Split.Train or Split.Val ? identity : identity - train - val;
                planned.Add(new Planned(Record(world, layout, sighting, role, number), identity, sighting.Image));
            }
        }

        if (layout == WorldLayout.Market1501 && train + val < world.Options.Identities)
        {
            AddStrays(world, planned);
        }

        IEnumerable<Planned> ordered = TestSplit(layout) == Split.Test ? planned
            : layout == WorldLayout.Manifest ? planned
            : layout == WorldLayout.Msmt17 ? planned.OrderBy(p => p.Record.Split).ThenBy(p => p.Record.ImagePath, StringComparer.Ordinal)
            : planned.OrderBy(p => p.Record.ImagePath, StringComparer.Ordinal);
        return [.. ordered.Select((p, order) => p with { Record = p.Record with { Order = order } })];
    }

    /// <summary>What the people are for who are neither for training nor for validation. A set whose test split is neither query nor gallery keeps the order of its annotation.</summary>
    public static Split TestSplit(WorldLayout layout) => layout switch
    {
        WorldLayout.Market1501 or WorldLayout.DukeMtmc or WorldLayout.Msmt17 or WorldLayout.Cuhk03Np or WorldLayout.Manifest or WorldLayout.Images => Split.Gallery,
        WorldLayout.CuhkPedes or WorldLayout.IcfgPedes or WorldLayout.RstpReid => Split.Test,
        _ => Split.Train,
    };

    /// <summary>One query a camera, as long as at least half of the pictures stay in the gallery and each query has a picture there from another camera.</summary>
    private static HashSet<int> Queries(Sighting[] sightings)
    {
        HashSet<int> queries = [];
        foreach (var camera in sightings.GroupBy(s => s.Camera).OrderByDescending(g => g.Count()).ThenBy(g => g.Key))
        {
            var candidate = camera.First().Image;
            HashSet<int> tried = [.. queries, candidate];
            var gallery = sightings.Where(s => !tried.Contains(s.Image)).ToArray();
            if (2 * tried.Count <= sightings.Length && tried.All(q => gallery.Any(s => s.Camera != sightings[q].Camera)))
            {
                queries = tried;
            }
        }

        return queries;
    }

    /// <summary>Distractors and junk beside the gallery: one of each for every ten of its pictures.</summary>
    private static void AddStrays(World world, List<Planned> planned)
    {
        var taken = planned.Select(p => p.Record.ImagePath).ToHashSet(StringComparer.Ordinal);
        var strays = (planned.Count(p => p.Record.Split == Split.Gallery) + 9) / 10;
        for (var i = 0; i < strays; i++)
        {
            foreach (var (role, raw) in ((Role, string)[])[(Role.Distractor, "0000"), (Role.Junk, "-1")])
            {
                var identity = world.Options.Identities + (2 * i) + (role == Role.Junk ? 1 : 0);
                var sighting = world.LookAtStray(identity);
                var record = Market(world, sighting, Split.Gallery, raw, (i % 19) + 1);

                // Strays share their number, so in a large world two of them may be seen by one camera in one frame: the later one was seen a little later.
                for (var later = 1; !taken.Add(record.ImagePath); later++)
                {
                    record = Market(world, sighting with { Frame = sighting.Frame + (Direction.FramesBetweenImages * later) }, Split.Gallery, raw, (i % 19) + 1);
                }

                planned.Add(new Planned(record with { Role = role }, identity, 0));
            }
        }
    }

    private static PersonRecord Record(World world, WorldLayout layout, Sighting sighting, Split split, int number) => layout switch
    {
        WorldLayout.Market1501 => Market(world, sighting, split, $"{number:D4}", split == Split.Query ? 0 : 1),
        WorldLayout.DukeMtmc => InThreeFolders(world, sighting, split, number, $"{new DukeName($"{number:D4}", sighting.Camera, sighting.Frame)}") with { Frame = sighting.Frame },
        WorldLayout.Cuhk03Np => InThreeFolders(world, sighting, split, number, Path.ChangeExtension($"{new Cuhk03Name($"{number:D4}", sighting.Camera, sighting.Image + 1)}", ".jpg")),
        WorldLayout.Msmt17 => new PersonRecord
        {
            Dataset = Key(world),
            Split = split,
            ImagePath = $"{Msmt17Side(split)}/{number:D4}/{number:D4}_{sighting.Image:D3}_{sighting.Camera:D2}_{Msmt17Slot}_{sighting.Frame % 10_000:D4}_0.jpg",
            RawId = $"{Msmt17Side(split)}/{number:D4}",
            Camera = sighting.Camera,
            Scene = Msmt17Slot,
            Description = sighting.Description,
            Captions = sighting.Captions,
        },
        WorldLayout.IcfgPedes => new PersonRecord
        {
            Dataset = Key(world),
            Split = split,
            ImagePath = $"imgs/{Side(split)}/{sighting.Identity + 1:D4}/{sighting.Identity + 1:D4}_{sighting.Image:D3}_{sighting.Camera:D2}_0303noon_{sighting.Frame % 10_000:D4}_0.jpg",
            RawId = $"{Side(split)}/{sighting.Identity + 1}",
            Camera = sighting.Camera,
            Description = sighting.Description,
            Captions = [.. sighting.Captions.Take(1)],
        },
        WorldLayout.RstpReid => new PersonRecord
        {
            Dataset = Key(world),
            Split = split,
            ImagePath = $"imgs/{sighting.Identity + 1:D4}_c{sighting.Camera}_{sighting.Image:D4}.jpg",
            RawId = $"{sighting.Identity + 1}",
            Camera = sighting.Camera,
            Description = sighting.Description,
            Captions = sighting.Captions,
        },
        WorldLayout.CuhkPedes => new PersonRecord
        {
            Dataset = Key(world),
            Split = split,
            ImagePath = $"imgs/{world.Domain.Name}/{sighting.Identity + 1:D5}_{sighting.Image:D3}.jpg",
            RawId = $"{sighting.Identity + 1}",
            Description = sighting.Description,
            Captions = sighting.Captions,
        },
        WorldLayout.CuhkSysu => Plain(world, sighting, split, $"cropped_images/p{number}_s{sighting.Sequence}{sighting.Frame:D6}_{sighting.Image}.jpg", $"{number}") with
        {
            Scene = $"s{sighting.Sequence}{sighting.Frame:D6}",
            Captions = sighting.Captions,
        },
        WorldLayout.RandPerson => Plain(world, sighting, split, $"{number:D6}_s{RandPersonScene(world):D2}_c{sighting.Camera:D2}_f{sighting.Frame:D6}.jpg", $"{number:D6}") with
        {
            Camera = RandPerson.CameraOf(RandPersonScene(world), sighting.Camera),
            Frame = sighting.Frame,
            Scene = $"s{RandPersonScene(world):D2}",
            Captions = sighting.Captions,
        },
        WorldLayout.Manifest => Plain(world, sighting, split, $"pictures/{number:D5}/{sighting.Image:D3}.jpg", $"person {number}") with
        {
            Camera = sighting.Camera,
            Sequence = sighting.Sequence,
            Frame = sighting.Frame,
            Scene = world.Domain.Name,
            Captions = sighting.Captions,
        },
        WorldLayout.Images => Plain(world, sighting, split, $"camera{sighting.Camera}/{sighting.Sequence}-{sighting.Frame:D6}-{number:D5}.jpg", ""),
        _ => new PersonRecord
        {
            Dataset = Key(world),
            Split = split,
            ImagePath = FineGprName(world, sighting),
            RawId = $"{sighting.Identity + 1:D4}",
            Camera = FineGprCamera(sighting),
            Viewpoint = (90 + (10 * (FineGprCamera(sighting) - 1))) % 360,
            Scene = $"p{world.Domain.PlaceCode:D2}",
            Attributes = world.Attributes(sighting.Identity).ToDictionary(code => code.Key, code => FineGprAttributes.YesOrNo.Contains(code.Key) ? code.Value % 2 : code.Value, StringComparer.Ordinal),
            Description = sighting.Description,
            Captions = sighting.Captions,
        },
    };

    private static PersonRecord Plain(World world, Sighting sighting, Split split, string path, string raw) =>
        new() { Dataset = Key(world), Split = split, ImagePath = path, RawId = raw, Description = sighting.Description };

    private static int RandPersonScene(World world) => Domain.All.TakeWhile(domain => domain.Name != world.Domain.Name).Count();

    private static PersonRecord Market(World world, Sighting sighting, Split split, string raw, int box)
    {
        var folder = split switch { Split.Query => "query", Split.Gallery => "bounding_box_test", _ => "bounding_box_train" };
        return new PersonRecord
        {
            Dataset = Key(world),
            Split = split,
            ImagePath = $"{folder}/{raw}_c{sighting.Camera}s{sighting.Sequence}_{sighting.Frame:D6}_{box:D2}.jpg",
            RawId = raw,
            Camera = sighting.Camera,
            Sequence = sighting.Sequence,
            Frame = sighting.Frame,
            Viewpoint = sighting.Viewpoint,
            Scene = world.Domain.Name,
            Description = sighting.Description,
            Captions = sighting.Captions,
        };
    }

    private static PersonRecord InThreeFolders(World world, Sighting sighting, Split split, int number, string name)
    {
        var folder = split switch { Split.Query => "query", Split.Gallery => "bounding_box_test", _ => "bounding_box_train" };
        return new PersonRecord
        {
            Dataset = Key(world),
            Split = split,
            ImagePath = $"{folder}/{name}",
            RawId = $"{number:D4}",
            Camera = sighting.Camera,
            Viewpoint = sighting.Viewpoint,
            Scene = world.Domain.Name,
            Description = sighting.Description,
            Captions = sighting.Captions,
        };
    }

    private const string Msmt17Slot = "0303noon";

    private static string Msmt17Side(Split split) => split is Split.Train or Split.Val ? "train" : "test";

    private static int View(Sighting sighting) => 1 + ((sighting.Camera + 1) % 2);

    private static string Side(Split split) => split == Split.Train ? "train" : "test";

    private static string Key(World world) => $"world-{world.Domain.Name}";

    private static int FineGprCamera(Sighting sighting) => ((((sighting.Viewpoint + 5) / 10) + 36 - 9) % 36) + 1;

    private static string FineGprName(World world, Sighting sighting) =>
        $"{sighting.Identity + 1:D4}/{sighting.Identity + 1:D4}_c{FineGprCamera(sighting):D2}_w{(int)sighting.Weather + 1:D2}_l{(int)sighting.TimeOfDay + 1:D2}_p{world.Domain.PlaceCode:D2}.jpg";
}
