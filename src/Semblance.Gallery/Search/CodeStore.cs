namespace Semblance.Gallery.Search;

/// <summary>All live vectors in 8 bits: in lists as they came, or one list for each cell.</summary>
internal sealed class CodeStore(int width, CellCentres? centres)
{
    private const int ListLength = RowStore.RowsPerChunk;

    private readonly List<CodeList> _lists = [];
    private readonly byte[] _code = new byte[AlignedMemory<byte>.Stride(width)];
    private int[] _list = [];
    private int[] _place = [];

    /// <summary>The middles of the cells; null where the lists are no cells.</summary>
    public CellCentres? Centres { get; } = centres;

    public IReadOnlyList<CodeList> Lists => _lists;

    public int Stride => _code.Length;

    /// <summary>Makes the lists of all cells, each with room for so many.</summary>
    public void MakeCells(ReadOnlySpan<int> capacities)
    {
        foreach (var capacity in capacities)
        {
            _lists.Add(new CodeList(Stride, capacity));
        }
    }

    public int ListOf(int slot) => slot < _list.Length ? _list[slot] - 1 : -1;

    public void Add(int slot, ReadOnlySpan<float> vector)
    {
        var scale = ByteCodes.OfRow(vector, _code);
        Add(slot, _code, scale, Centres?.Nearest(vector) ?? 0);
    }

    /// <summary>Adds codes that are known; the cell matters only where there are cells.</summary>
    public void Add(int slot, ReadOnlySpan<byte> code, float scale, int cell)
    {
        var list = cell;
        if (Centres is null)
        {
            if (_lists.Count == 0 || _lists[^1].IsFull)
            {
                _lists.Add(new CodeList(Stride, ListLength));
            }

            list = _lists.Count - 1;
        }

        if (slot >= _list.Length)
        {
            var length = Math.Max(slot + 1, Math.Max(64, _list.Length + (_list.Length / 2)));
            Array.Resize(ref _list, length);
            Array.Resize(ref _place, length);
        }

        _list[slot] = list + 1;
        _place[slot] = _lists[list].Add(slot, code, scale);
    }

    public void Remove(int slot)
    {
        var place = _place[slot];
        if (_lists[_list[slot] - 1].RemoveAt(place) is { } moved)
        {
            _place[moved] = place;
        }

        _list[slot] = 0;
    }

    public void Replace(int slot, ReadOnlySpan<float> vector)
    {
        if (Centres is null)
        {
            var scale = ByteCodes.OfRow(vector, _code);
            _lists[_list[slot] - 1].Set(_place[slot], slot, _code, scale);
        }
        else
        {
            Remove(slot);
            Add(slot, vector);
        }
    }

    public void Wipe() => _lists.ForEach(list => list.Wipe());
}
