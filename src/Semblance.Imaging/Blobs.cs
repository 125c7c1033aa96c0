namespace Semblance.Imaging;

/// <summary>Connected parts of a mask, eight neighbours to a pixel.</summary>
internal sealed class Blobs
{
    private readonly int _width;
    private readonly int[] _numbers;

    private Blobs(int width, int[] numbers, List<Box> boxes)
    {
        _width = width;
        _numbers = numbers;
        Boxes = boxes;
    }

    /// <summary>The extent of each part, in the order of their first pixels.</summary>
    public IReadOnlyList<Box> Boxes { get; }

    /// <summary>For each pixel of a row, the number of its part, counted from 1; 0 where nothing is.</summary>
    public ReadOnlySpan<int> Row(int y, int x, int length) => _numbers.AsSpan((y * _width) + x, length);

    /// <summary>Finds all parts.</summary>
    public static Blobs Of(LabelMap mask)
    {
        const int unvisited = -1;
        var (width, height) = (mask.Width, mask.Height);
        var numbers = new int[width * height];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = mask.Labels[i] == 0 ? 0 : unvisited;
        }

        var stack = new Stack<int>();
        var boxes = new List<Box>();
        for (var start = numbers.AsSpan().IndexOf(unvisited); start >= 0;)
        {
            var number = boxes.Count + 1;
            var (minX, minY, maxX, maxY) = (width, height, -1, -1);
            numbers[start] = number;
            stack.Push(start);
            while (stack.TryPop(out var at))
            {
                var (x, y) = (at % width, at / width);
                (minX, minY, maxX, maxY) = (Math.Min(minX, x), Math.Min(minY, y), Math.Max(maxX, x), Math.Max(maxY, y));
                for (var row = Math.Max(0, y - 1); row <= Math.Min(height - 1, y + 1); row++)
                {
                    for (var column = Math.Max(0, x - 1); column <= Math.Min(width - 1, x + 1); column++)
                    {
                        var neighbour = (row * width) + column;
                        if (numbers[neighbour] == unvisited)
                        {
                            numbers[neighbour] = number;
                            stack.Push(neighbour);
                        }
                    }
                }
            }

            boxes.Add(new Box(minX, minY, maxX - minX + 1, maxY - minY + 1));
            var next = numbers.AsSpan(start + 1).IndexOf(unvisited);
            start = next < 0 ? -1 : start + 1 + next;
        }

        return new Blobs(width, numbers, boxes);
    }
}
