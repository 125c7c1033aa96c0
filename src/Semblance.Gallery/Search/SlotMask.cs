namespace Semblance.Gallery.Search;

/// <summary>Which slots of an index may stand in an answer: one bit each.</summary>
public sealed class SlotMask
{
    private readonly ulong[] _bits;

    /// <summary>A mask that admits nothing yet.</summary>
    /// <param name="slots">How many slots there are; what lies beyond is not admitted.</param>
    public SlotMask(int slots)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slots);
        Slots = slots;
        _bits = new ulong[(slots + 63) / 64];
    }

    /// <summary>Slots that the mask speaks of.</summary>
    public int Slots { get; }

    /// <summary>Whether a slot is admitted.</summary>
    public bool this[int slot]
    {
        get => (uint)slot < (uint)Slots && (_bits[slot >> 6] & (1UL << (slot & 63))) != 0;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)Slots, nameof(slot));
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

    /// <summary>The bits, 64 slots in each, the lowest first.</summary>
    public ReadOnlySpan<ulong> Bits => _bits;
}
