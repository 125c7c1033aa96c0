using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Semblance.Core;
using Semblance.Gallery.Search;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>
/// A live gallery's vectors on the disk, so that it opens without reading them row by row from its store. Never trusted: what is damaged, half written or of another model is left
/// aside, and the store decides who is still there. A folder of one file for each space, and one that says which sighting each slot is.
/// </summary>
/// <param name="folder">Made when something is saved.</param>
internal sealed class LiveSnapshot(string folder)
{
    private const int HashLength = 32;
    private const int NameLength = 32;

    /// <summary>A sighting's number and its mark.</summary>
    private const int SlotLength = 2 * sizeof(long);

    // Nobody takes away what is half written, and a saving that is under way does not outlive an erasure.
    private readonly Lock _turn = new();

    private static ReadOnlySpan<byte> Magic => "SMBLIDS2"u8;

    private string Slots => Path.Combine(folder, "sightings.slots");

    /// <summary>The vectors as they were saved, still to be compared with the store; null when there is no whole snapshot of this model.</summary>
    public LiveSightings? TryLoad(StoredModel model)
    {
        try
        {
            var bytes = File.ReadAllBytes(Slots);
            var body = bytes.AsSpan(0, Math.Max(0, bytes.Length - HashLength));
            if (!body.StartsWith(Magic) || (body.Length - Magic.Length - NameLength) % SlotLength != 0 || !SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length)))
            {
                return null;
            }

            var name = Encoding.ASCII.GetString(body.Slice(Magic.Length, NameLength));
            var numbers = body[(Magic.Length + NameLength)..];
            var (ids, marks) = (new long[numbers.Length / SlotLength], new long[numbers.Length / SlotLength]);
            for (var i = 0; i < ids.Length; i++)
            {
                ids[i] = BinaryPrimitives.ReadInt64LittleEndian(numbers[(i * SlotLength)..]);
                marks[i] = BinaryPrimitives.ReadInt64LittleEndian(numbers[((i * SlotLength) + sizeof(long))..]);
            }

            var spaces = new Dictionary<string, VectorIndex>(StringComparer.Ordinal);
            foreach (var space in model.Spaces)
            {
                if (VectorIndex.TryLoad(Of(space), Stamp(name, model, space), out _) is not { } index)
                {
                    return null;
                }

                spaces.Add(space.Name, index);
            }

            return LiveSightings.TryRestore(model, spaces, ids, marks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes each file in one step; only all of one saving together are taken up again.</summary>
    /// <exception cref="IOException">There is no room, or no right to write.</exception>
    public void Save(LiveSightings sightings)
    {
        lock (_turn)
        {
            DeleteHalfWritten();
            var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameLength / 2));
            sightings.Save((ids, marks, spaces) =>
            {
                foreach (var space in sightings.Model.Spaces)
                {
                    spaces[space.Name].Save(Of(space), Stamp(name, sightings.Model, space));
                }

                var slots = new byte[ids.Length * SlotLength];
                for (var i = 0; i < ids.Length; i++)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(slots.AsSpan(i * SlotLength), ids[i]);
                    BinaryPrimitives.WriteInt64LittleEndian(slots.AsSpan((i * SlotLength) + sizeof(long)), marks[i]);
                }

                byte[] body = [.. Magic, .. Encoding.ASCII.GetBytes(name), .. slots];
                AtomicFile.WriteBytes(Slots, (byte[])[.. body, .. SHA256.HashData(body)]);
            });
        }
    }

    /// <summary>Takes the snapshot away: somebody in it is to be erased.</summary>
    public void Delete()
    {
        lock (_turn)
        {
            Delete(folder);
        }
    }

    /// <summary>Takes a snapshot away that another process may be writing just now; what it writes afterwards goes when it sees the erasure.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public static void Delete(string folder)
    {
        const int attempts = 20;
        for (var attempt = 1; Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (attempt < attempts)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static string Stamp(string name, StoredModel model, GallerySpace space) => $"{name} {model.Encoder.Fingerprint} {space.Name}";

    private string Of(GallerySpace space) => Path.Combine(folder, $"{space.Name}.vectors");

    /// <summary>What processes left that were killed while they saved; their number stands in the name.</summary>
    private void DeleteHalfWritten()
    {
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.tmp") : [])
        {
            if (int.TryParse(Path.GetExtension(Path.GetFileNameWithoutExtension(file)).TrimStart('.'), out var process) && !IsRunning(process))
            {
                File.Delete(file);
            }
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
