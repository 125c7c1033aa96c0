using System.Numerics;

namespace Semblance.Gallery.Search;

/// <summary>A set of slots, one bit each; slots beyond its length are not in it. Not thread-safe while it changes.</summary>
public sealed class SlotMask
{
    private ulong[] _bits;

    /// <summary>Makes an empty set.</summary>
    /// <param name="length">Slots from 0 to below this can be in it.</param>
    public SlotMask(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _bits = new ulong[(length + 63L) / 64];
    }

    /// <summary>Slots from 0 to below this can be in the set.</summary>
    public int Length { get; private set; }

    /// <summary>How many slots are in the set; counted anew each time.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var bits in _bits)
            {
                count += BitOperations.PopCount(bits);
            }

            return count;
        }
    }

    /// <summary>Whether a slot is in the set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set only: the slot lies outside the length.</exception>
    public bool this[int slot]
    {
        get => (uint)slot < (uint)Length && (_bits[slot >> 6] >> (slot & 63) & 1) != 0;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)Length, nameof(slot));
            if (value)
            {
                _bits[slot >> 6] |= 1UL << (slot & 63);
            }
            else
            {
                _bits[slot >> 6] &= ~(1UL << (slot & 63));
            }
        }
    }

    /// <summary>Makes it at least that long.</summary>
    internal void Grow(int length)
    {
        if (length > Length)
        {
            Length = length;
            if (_bits.Length * 64L < length)
            {
                Array.Resize(ref _bits, checked((int)Math.Max((length + 63L) / 64, _bits.Length * 3L / 2)));
            }
        }
    }

    /// <summary>Bits of the eight slots from 8 × <paramref name="group"/> on.</summary>
    internal byte Eight(int group) => group >> 3 < _bits.Length ? (byte)(_bits[group >> 3] >> ((group & 7) * 8)) : (byte)0;
}
