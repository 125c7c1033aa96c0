using System.Numerics;
using Semblance.Core;
using Semblance.Imaging;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Cameras;
using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Scenes;

namespace Semblance.Synthesis.Rendering;

/// <summary>Draws shots. Holds the buffers of one picture; used by one thread at a time, and left without a trace of the last picture.</summary>
internal sealed class Studio
{
    private const int Samples = 2;
    private readonly Surface _surface = new();
    private readonly Raster _raster = new();
    private readonly ShadowMap _shadows = new();
    private readonly Sensor _sensor = new();
    private readonly List<Vector3> _contacts = [];
    private Vector3[] _film = [];
    private float[] _distance = [];
    private byte[] _labels = [];

    public (Picture Picture, LabelMap Parts) Draw(WorldOptions options, Domain domain, Shot shot, Physique body, Outfit outfit, Func<Randomness, (Physique Body, Outfit Outfit)> stranger)
    {
        var r = shot.Randomness;
        _surface.Clear();
        _contacts.Clear();
        var camera = shot.Camera;
        var origin = new Vector3(shot.Aside, 0, shot.Distance);
        var pose = Pose.Draw(body, shot.LeftArm, shot.RightArm, shot.Standing, ref r);
        var framed = Person(body, outfit, pose, origin, shot.Viewpoint, shot.UmbrellaSide, shot.PhoneSide);
        var lens = Frame(options, shot, framed, ref r);
        var owned = _surface.Materials.Count;
        Company(shot, origin, stranger, ref r);
        Obstacles.Build(_surface, shot, origin, lens.Eye, ref r);
        for (var i = owned; i < _surface.Materials.Count; i++)
        {
            _surface.Materials[i] = _surface.Materials[i] with { Part = BodyPart.Background };
        }

        var light = domain.Indoors
            ? Lighting.Indoors(domain.LampTint, camera.Lamps, ref r)
            : Lighting.Outdoors(shot.Weather, shot.Time, camera.SunAzimuth + (0.5f * (int)shot.Time), ref r);
        _shadows.Draw(_surface, origin + new Vector3(0, 0.9f, 0), light.ToKey, 2.4f);

        var (columns, rows) = (lens.Columns, lens.Rows);
        var count = columns * rows;
        if (_film.Length < count)
        {
            (_film, _distance, _labels) = (new Vector3[count], new float[count], new byte[count]);
        }

        var dark = !domain.Indoors && shot.Time is TimeOfDay.Midnight or TimeOfDay.Night;
        _raster.Begin(columns * Samples, rows * Samples);
        _raster.Draw(_surface, lens with { Columns = columns * Samples, Rows = rows * Samples });
        Background(domain.Places.Value[camera.Number - 1], lens, light, dark || domain.LampsOn);
        Resolve(lens, light);
        Precipitation.Fall(_film, _distance, columns, rows, domain, shot, light, ref r);

        var level = (0.45f * Luminance(light.Key)) + (0.75f * Luminance(light.Sky));
        var exposure = camera.Exposure * MathF.Exp((float)(0.08 * r.NextGaussian())) * 0.62f / MathF.Pow(level, 0.82f);
        var scale = rows / (float)Native(shot);
        var gain = dark ? 1.5f : 1;
        var bytes = new byte[3 * count];
        _sensor.Expose(_film, columns, rows, camera, exposure, camera.Blur * MathF.Max(0.6f, scale) * (float)r.NextDouble(0.8, 1.4), camera.Noise * gain, ref r, bytes);
        JpegArtefacts.Apply(bytes, columns, rows, camera.JpegQuality);
        return Enlarged(options, bytes, columns, rows);
    }

    /// <summary>Builds a person and gives the box of everything but the umbrella, as first and last vertex.</summary>
    private (int First, int Last) Person(Physique body, Outfit outfit, Pose pose, Vector3 origin, float viewpoint, int umbrella, int phone)
    {
        var figure = new Figure(body, pose);
        var first = _surface.VertexCount;
        PersonMesh.Build(_surface, figure, outfit, -1, phone);
        var last = _surface.VertexCount;
        if (umbrella >= 0 && outfit.Umbrella is { } dye)
        {
            Carried.Umbrella(_surface, figure, outfit, dye, umbrella);
        }

        // The viewpoint counts from the line of sight, which turns with the person's place.
        var angle = (viewpoint * MathF.PI / 180) - MathF.Atan2(origin.X, origin.Z);
        var (sin, cos) = MathF.SinCos(angle);
        var forward = new Vector3(-cos, 0, -sin);
        var left = new Vector3(sin, 0, -cos);
        _surface.Place(first, origin, left, Vector3.UnitY, forward);
        foreach (var ankle in figure.Ankles)
        {
            _contacts.Add(origin + (left * ankle.X) + (forward * (ankle.Z + 0.05f)) + new Vector3(0, ankle.Y, 0));
        }

        return (first, last);
    }

    private Lens Frame(WorldOptions options, Shot shot, (int First, int Last) person, ref Randomness r)
    {
        var lens = new Lens(shot.Camera.Height, shot.Camera.Pitch, shot.Camera.Roll, -1, 1, 2, -1, 1, 1);
        var low = new Vector2(float.MaxValue);
        var high = new Vector2(float.MinValue);
        for (var i = person.First; i < person.Last; i++)
        {
            var p = lens.OnPlane(_surface.Positions[i]);
            low = Vector2.Min(low, new Vector2(p.X, p.Y));
            high = Vector2.Max(high, new Vector2(p.X, p.Y));
        }

        var size = high - low;
        var height = size.Y * (1.04f + (0.05f * r.NextSingle()));
        var width = Math.Clamp(size.X * 1.12f, 0.41f * height, 0.62f * height);
        var jitter = (float)options.BoxJitter;
        float Jitter(ref Randomness x) => jitter * (float)Math.Clamp(x.NextGaussian(), -2.5, 2.5);
        var centre = ((low + high) / 2) + new Vector2(Jitter(ref r) * width * 1.5f, Jitter(ref r) * height);
        height *= 1 + Jitter(ref r) + (jitter * 0.5f);
        width *= 1 + (1.5f * Jitter(ref r));
        var top = centre.Y + (height / 2);
        var bottom = centre.Y - (height / 2);
        if (shot.Cut == Cut.Feet)
        {
            bottom += shot.CutShare * size.Y;
            width *= 1 - (0.6f * shot.CutShare);
        }
        else if (shot.Cut == Cut.Head)
        {
            top -= shot.CutShare * size.Y;
        }

        if (shot.UmbrellaSide >= 0)
        {
            // A detector takes in a part of the umbrella.
            top += 0.12f * size.Y;
        }

        var rows = Math.Min(options.Height, Native(shot));
        var columns = Math.Max(8, (int)MathF.Round((float)options.Width * rows / options.Height));
        return lens with { Left = centre.X - (width / 2), Width = width, Top = top, Bottom = bottom, Columns = columns, Rows = rows };
    }

    /// <summary>Rows that the person's box has in the camera's own picture.</summary>
    private static int Native(Shot shot)
    {
        var (near, far) = shot.Camera.Distance;
        return Math.Max(24, (int)(shot.Camera.NativeHeight * (near + far) / 2 / shot.Distance));
    }

    private void Company(Shot shot, Vector3 origin, Func<Randomness, (Physique Body, Outfit Outfit)> stranger, ref Randomness r)
    {
        for (var i = 0; i < shot.Company; i++)
        {
            var key = Randomness.For(r.NextBits());
            var (body, outfit) = stranger(key);
            var side = r.Chance(0.5) ? 1f : -1f;
            var behind = r.Chance(0.8);
            var at = origin + new Vector3(side * (float)r.NextDouble(behind ? 0.25 : 0.5, 1.1), 0, behind ? (float)r.NextDouble(0.5, 4.5) : -(float)r.NextDouble(0.2, 0.7));
            if (behind)
            {
                at.X *= at.Z / origin.Z;
            }

            var pose = Pose.Draw(body, ArmTask.Swing, ArmTask.Swing, r.Chance(0.3), ref r);
            Person(body, outfit, pose, at, r.Chance(0.5) ? shot.Viewpoint + (float)r.NextDouble(-25, 25) : (float)r.NextDouble(0, 360), outfit.Umbrella is null ? -1 : 0, -1);
        }
    }

    private void Background(Place place, in Lens lens, in Light light, bool lit)
    {
        var (columns, rows) = (lens.Columns, lens.Rows);
        var eye = lens.Eye;
        Span<int> near = stackalloc int[64];
        Span<Vector3> rays = [lens.Ray(columns / 2f, rows / 2f), lens.Ray(0, 0), lens.Ray(columns, 0), lens.Ray(0, rows), lens.Ray(columns, rows)];
        var found = near[..place.Near(eye, rays, near)];

        // A mirror shows what stands above the picture as well.
        Span<int> all = stackalloc int[Math.Min(64, place.Solids.Count)];
        if (place.Floor.Mirror > 0)
        {
            for (var i = 0; i < all.Length; i++)
            {
                all[i] = i;
            }

            found = all;
        }

        var pixel = lens.Width / columns;
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                if (Covered(x, y, columns * Samples))
                {
                    continue;
                }

                var ray = lens.Ray(x + 0.5f, y + 0.5f);
                var sight = place.Look(eye, ray, found, light, pixel, lit);
                var colour = sight.Colour;
                if (sight.IsGround)
                {
                    var point = eye + (ray * sight.Distance);
                    var lightHere = _shadows.Light(point, 0.02f);
                    var open = 1f;
                    foreach (var contact in _contacts)
                    {
                        var d = new Vector2(point.X - contact.X, point.Z - contact.Z).LengthSquared();
                        open *= 1 - (0.5f * MathF.Exp(-d * 28) / (1 + (6 * contact.Y))) - (0.14f * MathF.Exp(-d * 4));
                    }

                    colour = light.Through(colour + light.Reflect(sight.Ground, Vector3.UnitY, -ray, 0, lightHere, open), sight.Distance);
                }

                _film[(y * columns) + x] = colour;
                _distance[(y * columns) + x] = sight.Distance;
            }
        }
    }

    /// <summary>Whether something stands before every sample of a pixel.</summary>
    private bool Covered(int x, int y, int wide)
    {
        var at = (y * Samples * wide) + (x * Samples);
        var triangles = _raster.Triangles;
        return (triangles[at] | triangles[at + 1] | triangles[at + wide] | triangles[at + wide + 1]) >= 0;
    }

    private void Resolve(in Lens lens, in Light light)
    {
        var (columns, rows) = (lens.Columns, lens.Rows);
        var wide = columns * Samples;
        var shader = new Shader(_surface, _raster.Screen, _shadows, light, lens.Eye);
        var triangles = _raster.Triangles;
        Span<byte> votes = stackalloc byte[Samples * Samples];
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var i = (y * columns) + x;
                var sum = Vector3.Zero;
                var (hits, shaded) = (0, 0);
                var nearness = 0f;
                var inside = Inside(x, y, wide);
                for (var s = 0; s < Samples * Samples; s++)
                {
                    var sx = (x * Samples) + (s % Samples);
                    var sy = (y * Samples) + (s / Samples);
                    var triangle = triangles[(sy * wide) + sx];
                    votes[s] = 0;
                    if (triangle < 0)
                    {
                        continue;
                    }

                    hits++;
                    nearness += _raster.InverseDepth[(sy * wide) + sx];
                    if (!inside || s is 0 or 3)
                    {
                        sum += shader.Shade(triangle, sx + 0.5f, sy + 0.5f, out var part);
                        votes[s] = (byte)part;
                        shaded++;
                    }
                }

                _labels[i] = hits == 0 ? (byte)0 : Majority(votes);
                if (hits > 0)
                {
                    var cover = hits / (float)(Samples * Samples);
                    sum *= cover / shaded;
                    _film[i] = hits == Samples * Samples ? sum : (_film[i] * (1 - cover)) + sum;
                    if (hits > 1)
                    {
                        _distance[i] = hits / nearness;
                    }
                }
            }
        }
    }

    /// <summary>Whether a pixel lies within one material, so that two samples on its diagonal say enough.</summary>
    private bool Inside(int x, int y, int wide)
    {
        var at = (y * Samples * wide) + (x * Samples);
        var triangles = _raster.Triangles;
        if (!Covered(x, y, wide))
        {
            return false;
        }

        var materials = _surface.TriangleMaterials;
        var material = materials[triangles[at]];
        return materials[triangles[at + 1]] == material && materials[triangles[at + wide]] == material && materials[triangles[at + wide + 1]] == material;
    }

    /// <summary>The label of most samples; half of them must be on the person.</summary>
    private static byte Majority(ReadOnlySpan<byte> votes)
    {
        byte best = 0;
        var most = 0;
        var person = 0;
        foreach (var vote in votes)
        {
            if (vote == 0)
            {
                continue;
            }

            person++;
            var same = votes.Count(vote);
            if (same > most)
            {
                (best, most) = (vote, same);
            }
        }

        return 2 * person >= votes.Length ? best : (byte)0;
    }

    private (Picture Picture, LabelMap Parts) Enlarged(WorldOptions options, byte[] bytes, int columns, int rows)
    {
        if (columns == options.Width && rows == options.Height)
        {
            return (new Picture(columns, rows, bytes), new LabelMap(columns, rows, _labels.AsSpan(0, columns * rows).ToArray()));
        }

        var labels = new byte[options.Width * options.Height];
        for (var y = 0; y < options.Height; y++)
        {
            var from = Math.Min(rows - 1, (int)((y + 0.5f) * rows / options.Height)) * columns;
            for (var x = 0; x < options.Width; x++)
            {
                labels[(y * options.Width) + x] = _labels[from + Math.Min(columns - 1, (int)((x + 0.5f) * columns / options.Width))];
            }
        }

        return (Scaling.Enlarge(bytes, columns, rows, options.Width, options.Height), new LabelMap(options.Width, options.Height, labels));
    }

    private static float Luminance(Vector3 c) => Vector3.Dot(c, new Vector3(0.3f, 0.59f, 0.11f));
}
