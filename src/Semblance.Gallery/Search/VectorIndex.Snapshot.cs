using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Semblance.Core;

namespace Semblance.Gallery.Search;

public sealed unsafe partial class VectorIndex
{
    private const int HashLength = 32;
    private const int MaximumStamp = 4096;
    private const int BufferLength = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "SMBLVEC1"u8;

    /// <summary>Writes a snapshot: live vectors, slots and cells, never what was removed. Searches go on meanwhile, changes wait.</summary>
    /// <param name="path">Replaced in one step.</param>
    /// <param name="stamp">Says what state of the owner's data the vectors are of; up to 4,096 bytes in UTF-8.</param>
    /// <exception cref="ArgumentException">The stamp is too long.</exception>
    /// <exception cref="IOException">It could not be written; the old file stays.</exception>
    public void Save(string path, string stamp)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(stamp);
        var stampBytes = Encoding.UTF8.GetBytes(stamp);
        if (stampBytes.Length > MaximumStamp)
        {
            throw new ArgumentException($"a stamp of {stampBytes.Length} bytes, expected {MaximumStamp} at most", nameof(stamp));
        }

        lock (_writers)
        {
            AtomicFile.Write(path, stream =>
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                void Put(ReadOnlySpan<byte> bytes)
                {
                    hash.AppendData(bytes);
                    stream.Write(bytes);
                }

                var centres = _codes.Centres;
                Put(new Header(Width, _rows.Count, _count, centres?.Count ?? 0, _probes, stampBytes.Length).ToBytes());
                Put(stampBytes);
                var bits = new byte[(_rows.Count + 7) / 8];
                for (var i = 0; i < bits.Length; i++)
                {
                    bits[i] = _live.Eight(i);
                }

                Put(bits);
                var live = Live();
                if (centres is not null)
                {
                    PutFloats(centres.Vectors);
                    var cells = new byte[sizeof(int)];
                    foreach (var slot in live)
                    {
                        BinaryPrimitives.WriteInt32LittleEndian(cells, _codes.ListOf(slot));
                        Put(cells);
                    }
                }

                foreach (var slot in live)
                {
                    PutFloats(_rows.Vector(slot));
                }

                stream.Write(hash.GetHashAndReset());

                void PutFloats(ReadOnlySpan<float> values)
                {
                    if (BitConverter.IsLittleEndian)
                    {
                        Put(MemoryMarshal.AsBytes(values));
                        return;
                    }

                    var bytes = new byte[sizeof(float)];
                    foreach (var value in values)
                    {
                        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                        Put(bytes);
                    }
                }
            });
        }
    }

    /// <summary>Reads a snapshot. Anything but a whole one with this stamp gives null: the owner then builds the index from its data.</summary>
    /// <param name="path">Where it may be.</param>
    /// <param name="stamp">The state of the owner's data now.</param>
    /// <param name="reason">Why it was not taken; null if it was.</param>
    /// <param name="options">Of the index that is made; null: the defaults.</param>
    public static VectorIndex? TryLoad(string path, string stamp, out string? reason, VectorIndexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(stamp);
        reason = null;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferLength, FileOptions.SequentialScan);
            return new Loading(path, stream).Load(stamp, options);
        }
        catch (SemblanceFormatException e)
        {
            reason = e.Problem;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            reason = "there is no snapshot";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
        }

        return null;
    }

    /// <summary>Takes over a slot of a snapshot: an empty one, or a vector with its cell.</summary>
    private void Restore(ReadOnlySpan<float> vector, bool live, int cell, byte[] code)
    {
        var slot = _rows.Append(vector);
        _live.Grow(slot + 1);
        if (live)
        {
            _live[slot] = true;
            _count++;
            _codes.Add(slot, code, ByteCodes.OfRow(vector, code), cell);
        }
    }

    private readonly record struct Header(int Width, int Slots, int Count, int Cells, int Probes, int Stamp)
    {
        public const int Length = 8 + (6 * sizeof(int));

        public long FileLength =>
            Length + Stamp + ((Slots + 7L) / 8) + ((long)Cells * Width * sizeof(float)) + (Cells > 0 ? (long)Count * sizeof(int) : 0) +
            ((long)Count * Width * sizeof(float)) + HashLength;

        /// <summary>Whether these numbers can stand together, and what is read in one piece fits an array.</summary>
        public bool IsPossible =>
            Width is > 0 and <= MaximumWidth && Slots >= 0 && Count >= 0 && Count <= Slots && Cells >= 0 && Cells <= Slots &&
            Probes >= 0 && Probes <= Cells && Stamp is >= 0 and <= MaximumStamp &&
            (long)Cells * Width * sizeof(float) <= Array.MaxLength && (long)Count * sizeof(int) <= Array.MaxLength;

        public static Header FromBytes(ReadOnlySpan<byte> bytes)
        {
            var numbers = bytes[8..];
            return new(Next(ref numbers), Next(ref numbers), Next(ref numbers), Next(ref numbers), Next(ref numbers), Next(ref numbers));

            static int Next(ref ReadOnlySpan<byte> left)
            {
                var number = BinaryPrimitives.ReadInt32LittleEndian(left);
                left = left[sizeof(int)..];
                return number;
            }
        }

        public byte[] ToBytes()
        {
            var bytes = new byte[Length];
            Magic.CopyTo(bytes);
            ReadOnlySpan<int> numbers = [Width, Slots, Count, Cells, Probes, Stamp];
            for (var i = 0; i < numbers.Length; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 + (i * sizeof(int))), numbers[i]);
            }

            return bytes;
        }
    }

    private sealed class Loading(string path, FileStream stream)
    {
        public VectorIndex Load(string stamp, VectorIndexOptions? options)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (stream.Length < Header.Length + HashLength)
            {
                throw Bad($"{stream.Length} bytes are too few for a snapshot");
            }

            var bytes = Take(hash, new byte[Header.Length]);
            if (!bytes.AsSpan().StartsWith(Magic))
            {
                throw Bad("not a snapshot, or one of another version");
            }

            var header = Header.FromBytes(bytes);
            if (!header.IsPossible || header.FileLength != stream.Length)
            {
                throw Bad($"the file has {stream.Length} bytes, which is not what its head says: it is truncated or damaged");
            }

            var written = Take(hash, new byte[header.Stamp]);
            var isStale = !written.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(stamp));
            if (isStale)
            {
                throw Bad($"it is of the state \"{Encoding.UTF8.GetString(written)}\", but now it is \"{stamp}\"");
            }

            var bits = Take(hash, new byte[(header.Slots + 7) / 8]);
            var count = 0;
            foreach (var eight in bits)
            {
                count += BitOperations.PopCount(eight);
            }

            if (count != header.Count || (header.Slots % 8 != 0 && bits[^1] >> (header.Slots % 8) != 0))
            {
                throw Damaged();
            }

            var index = new VectorIndex(header.Width, options);
            var cells = header.Cells > 0 ? MakeCells(index, header, hash) : [];
            var vector = new float[header.Width];
            var code = new byte[index._codes.Stride];
            for (int slot = 0, at = 0; slot < header.Slots; slot++)
            {
                var live = (bits[slot >> 3] >> (slot & 7) & 1) != 0;
                if (live)
                {
                    TakeFloats(hash, vector);
                    if (!IsFit(vector))
                    {
                        throw Damaged();
                    }
                }
                else
                {
                    Array.Clear(vector);
                }

                index.Restore(vector, live, live && cells.Length > 0 ? cells[at] : 0, code);
                at += live ? 1 : 0;
            }

            var expected = new byte[HashLength];
            stream.ReadExactly(expected);
            return hash.GetHashAndReset().AsSpan().SequenceEqual(expected) ? index : throw Damaged();
        }

        private int[] MakeCells(VectorIndex index, Header header, IncrementalHash hash)
        {
            var vectors = new float[checked(header.Cells * header.Width)];
            TakeFloats(hash, vectors);
            for (var cell = 0; cell < header.Cells; cell++)
            {
                if (!IsFit(vectors.AsSpan(cell * header.Width, header.Width)))
                {
                    throw Damaged();
                }
            }

            var cells = new int[header.Count];
            var capacities = new int[header.Cells];
            var bytes = Take(hash, new byte[checked(header.Count * sizeof(int))]);
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * sizeof(int)));
                if ((uint)cells[i] >= (uint)header.Cells)
                {
                    throw Damaged();
                }

                capacities[cells[i]]++;
            }

            index._codes = new(header.Width, new CellCentres(vectors, header.Width, index._kernels));
            index._codes.MakeCells(capacities);
            index._probes = Math.Max(1, header.Probes);
            return cells;
        }

        private byte[] Take(IncrementalHash hash, byte[] bytes)
        {
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
            return bytes;
        }

        private void TakeFloats(IncrementalHash hash, float[] values)
        {
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
            if (!BitConverter.IsLittleEndian)
            {
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
                }
            }
        }

        private SemblanceFormatException Damaged() => Bad("its content does not fit to its hash: it is damaged");

        private SemblanceFormatException Bad(string problem) => new(path, problem);
    }
}
