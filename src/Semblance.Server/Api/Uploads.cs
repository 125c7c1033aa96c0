using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Semblance.Core;
using Semblance.Filing;
using Semblance.Gallery.Stores;
using Semblance.Imaging;

namespace Semblance.Server.Api;

/// <summary>A picture that was sent and cannot be filed.</summary>
internal sealed record UploadProblem(string Name, string Reason);

/// <summary>Pictures that are sent, read part by part and never further than the limits allow. Their names are labels; nothing that is sent names a file here.</summary>
internal static class Uploads
{
    private const int LongestName = 200;
    private const int LongestField = 4096;
    private const int AtOnce = 32;
    private const long PixelsAtOnce = 48_000_000;

    /// <summary>What is known about all pictures of a request.</summary>
    public sealed record Facts(string? Camera, DateTimeOffset? Taken, string? Label, string? Notes);

    /// <summary>A picture as it was sent, with what is known about it.</summary>
    public sealed record Sent(string Name, byte[] Bytes, Facts Facts);

    /// <summary>Pictures that are decoded and filed together.</summary>
    /// <param name="People">Who they show.</param>
    /// <param name="Problems">Pictures that cannot be read.</param>
    public sealed record Batch(IReadOnlyList<FoundPerson> People, IReadOnlyList<UploadProblem> Problems);

    /// <summary>Every picture of a request, or the one that is its body, some at a time.</summary>
    /// <exception cref="BadHttpRequestException">A field comes after a picture that it would have to be known for.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<Sent>> ReadAsync(HttpRequest request, ServerOptions options, Facts facts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var any = false;
        void Field((string Name, string Value) field)
        {
            facts = !any ? With(facts, field.Name, field.Value)
                : throw new BadHttpRequestException($"the field {field.Name} comes after a picture, which is filed without it: put fields before the pictures");
        }

        List<Sent> sent = [];
        await foreach (var (name, bytes) in PartsAsync(request, options, Field, cancellation))
        {
            any = true;
            sent.Add(new Sent(name, bytes, facts));
            if (sent.Count == AtOnce)
            {
                yield return sent;
                sent = [];
            }
        }

        yield return sent;
    }

    /// <summary>What a file is called: a label of bounded length, without the folders that some browsers send along.</summary>
    public static string NameOf(string sent)
    {
        var name = Path.GetFileName(sent.Replace('\\', '/'));
        return name[..Math.Min(name.Length, LongestName)];
    }

    /// <summary>The pictures of a form that was read already, as pages send it, some at a time.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<Sent>> ReadAsync(IFormFileCollection files, ServerOptions options, Facts facts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var chunk in files.Take(options.MaxPictures).Chunk(AtOnce))
        {
            List<Sent> sent = [];
            foreach (var file in chunk)
            {
                await using var stream = file.OpenReadStream();
                sent.Add(new Sent(NameOf(file.FileName), await BoundedAsync(stream, options.MaxPictureBytes, cancellation), facts));
            }

            yield return sent;
        }
    }

    /// <summary>Decodes what was sent, few enough at a time: small files may be large pictures.</summary>
    public static IEnumerable<Batch> Decoded(IReadOnlyList<Sent> sent, ServerOptions options)
    {
        List<FoundPerson> people = [];
        List<UploadProblem> problems = [];
        var pixels = 0L;
        foreach (var one in sent)
        {
            try
            {
                people.Add(Person(one, options));
                pixels += (long)people[^1].Picture.Width * people[^1].Picture.Height;
            }
            catch (SemblanceFormatException problem)
            {
                problems.Add(new UploadProblem(one.Name, problem.Problem));
            }

            if (pixels >= PixelsAtOnce)
            {
                yield return new Batch(people, problems);
                (people, problems, pixels) = ([], [], 0);
            }
        }

        yield return new Batch(people, problems);
    }

    private static FoundPerson Person(Sent sent, ServerOptions options)
    {
        var (name, bytes, facts) = sent;
        var picture = Decode(bytes, name, options);
        return new FoundPerson(
            new StoredSighting
            {
                // The same picture of the same camera and time, sent twice, is one sighting.
                Key = $"upload/{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}/{facts.Camera}/{facts.Taken?.ToUnixTimeMilliseconds()}",
                Picture = "",
                Source = name[..Math.Min(name.Length, LongestName)],
                Camera = Words(facts.Camera),
                Taken = facts.Taken ?? PictureHeader.Read(bytes, name).Taken,
                Label = Words(facts.Label),
                Notes = Words(facts.Notes),
            },
            picture);

        static string? Words(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    /// <summary>A picture within the server's limits.</summary>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string name, ServerOptions options) =>
        PictureReader.Decode(bytes, name, PictureReaderOptions.Photo with { MaxBytes = options.MaxPictureBytes });

    /// <summary>The parts of a form that are files, or the whole body.</summary>
    public static async IAsyncEnumerable<(string Name, byte[] Bytes)> PartsAsync(
        HttpRequest request, ServerOptions options, Action<(string Name, string Value)> field, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            yield return ("picture", await BoundedAsync(request.Body, options.MaxPictureBytes, cancellation));
            yield break;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 100)
        {
            throw new BadHttpRequestException("the form has no boundary that can be used");
        }

        var reader = new MultipartReader(boundary, request.Body);
        var count = 0;
        while (await NextAsync(reader, cancellation) is { } section)
        {
            if (section.AsFileSection() is { } file && file.FileStream is { } stream)
            {
                if (file.FileName.Length == 0)
                {
                    continue;
                }

                if (++count > options.MaxPictures)
                {
                    throw new BadHttpRequestException($"the form holds more than {options.MaxPictures} pictures: send them in parts", StatusCodes.Status413PayloadTooLarge);
                }

                yield return (NameOf(file.FileName), await BoundedAsync(stream, options.MaxPictureBytes, cancellation));
            }
            else if (section.AsFormDataSection() is { } data)
            {
                var value = System.Text.Encoding.UTF8.GetString(await BoundedAsync(section.Body, LongestField, cancellation));
                field((data.Name, value));
            }
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation);
        }
        catch (Exception problem) when (problem is InvalidDataException || (problem is IOException and not BadHttpRequestException))
        {
            throw new BadHttpRequestException($"the form cannot be read: {problem.Message}", problem);
        }
    }

    private static async Task<byte[]> BoundedAsync(Stream stream, long most, CancellationToken cancellation)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            if (copy.Length + read > most)
            {
                throw new BadHttpRequestException($"a part of the request has more than {most} bytes", StatusCodes.Status413PayloadTooLarge);
            }

            copy.Write(buffer, 0, read);
        }

        return copy.ToArray();
    }

    private static Facts With(Facts facts, string name, string value) => name switch
    {
        "camera" => facts with { Camera = value },
        "label" => facts with { Label = value },
        "notes" => facts with { Notes = value },
        "taken" when value.Length > 0 => facts with
        {
            Taken = DateTimeOffset.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUniversalTime() : throw new BadHttpRequestException($"taken is \"{value}\", expected a time such as 2026-05-01T08:30:00Z"),
        },
        _ => facts,
    };
}
