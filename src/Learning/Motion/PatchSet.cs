using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>The surroundings of events as lists of active inputs, with the motion that was true.</summary>
/// <remarks>Inputs are numbered as <see cref="MotionShape.Input"/> does. Windows are numbered from 0; −1 = in none.</remarks>
internal sealed class PatchSet
{
    private readonly List<int> _start = [0];
    private readonly List<ushort> _inputs = [];
    private readonly List<byte> _labels = [];
    private readonly List<int> _windows = [], _tiles = [];
    private readonly List<bool> _settled = [];

    internal PatchSet(MotionShape shape) => Shape = shape;

    internal MotionShape Shape { get; }

    internal int Count => _labels.Count;

    /// <summary>Gets how many windows over the whole movie there are.</summary>
    internal int Windows { get; private set; }

    /// <summary>Gets how many windows over a tile of 16×16 pixels there are.</summary>
    internal int Tiles { get; private set; }

    internal ReadOnlySpan<ushort> Inputs(int patch) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_inputs)[_start[patch].._start[patch + 1]];

    internal byte Label(int patch) => _labels[patch];

    internal int Window(int patch) => _windows[patch];

    internal int Tile(int patch) => _tiles[patch];

    /// <summary>Tells whether a window's motion had lasted so long that no patch in it saw another.</summary>
    internal bool IsSettled(int window) => _settled[window];

    /// <summary>Gets the mean number of active inputs of a patch.</summary>
    internal double MeanInputs => Count == 0 ? 0 : (double)_inputs.Count / Count;

    /// <summary>Adds events of a movie, drawn evenly.</summary>
    /// <param name="movie">The movie.</param>
    /// <param name="most">About how many.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="swap">Whether ON and OFF are taken for each other.</param>
    internal void Add(MotionMovie movie, int most, RandomStream random, bool swap = false)
    {
        var task = movie.Task;
        int size = task.Size, reach = Shape.Radius, first = Shape.Depth - 1, pixels = size * size;
        long events = 0;
        for (int t = first; t < task.Steps; t++)
        {
            for (int y = reach; y < size - reach; y++)
            {
                for (int x = reach; x < size - reach; x++) events += System.Numerics.BitOperations.PopCount(movie.Events[t * pixels + y * size + x]);
            }
        }
        double share = events == 0 ? 0 : Math.Min(1, (double)most / events);
        int windowsBefore = Windows, tilesBefore = Tiles, tilesPerRow = (size + 15) / 16;
        var windowOf = new Dictionary<int, int>();
        for (int t = first; t < task.Steps; t++)
        {
            int window = WindowAt(movie, t, first, windowOf, windowsBefore);
            for (int y = reach; y < size - reach; y++)
            {
                for (int x = reach; x < size - reach; x++)
                {
                    byte here = movie.Events[t * pixels + y * size + x];
                    for (int sign = 0; sign < 2; sign++)
                    {
                        if ((here >> sign & 1) == 0 || random.NextDouble() >= share) continue;
                        Collect(movie, t, x, y, swap ? 1 - sign : sign, swap);
                        _labels.Add(movie.Labels[t]);
                        _windows.Add(window);
                        _tiles.Add(window < 0 ? -1 : tilesBefore + (window - windowsBefore) * tilesPerRow * tilesPerRow + y / 16 * tilesPerRow + x / 16);
                    }
                }
            }
        }
        Windows = windowsBefore + windowOf.Count;
        Tiles = tilesBefore + windowOf.Count * tilesPerRow * tilesPerRow;
    }

    // Windows are cut from the first full patch on, one behind the other; only those of one single motion count.
    private int WindowAt(MotionMovie movie, int t, int first, Dictionary<int, int> windowOf, int before)
    {
        int steps = movie.Task.WindowSteps, start = first + (t - first) / steps * steps, last = start + steps - 1;
        if (last >= movie.Task.Steps || movie.BlockStart[last] > start) return -1;
        if (windowOf.TryGetValue(start, out int window)) return window;
        windowOf[start] = window = before + windowOf.Count;
        _settled.Add(start - movie.BlockStart[last] >= Shape.Depth - 1);
        return window;
    }

    private void Collect(MotionMovie movie, int t, int x, int y, int sign, bool swap)
    {
        int size = movie.Task.Size, reach = Shape.Radius, pixels = size * size;
        for (int delay = 0; delay < Shape.Depth; delay++)
        {
            for (int dy = -reach; dy <= reach; dy++)
            {
                var row = movie.Events.AsSpan((t - delay) * pixels + (y + dy) * size + x - reach, Shape.Side);
                for (int i = 0; i < row.Length; i++)
                {
                    byte bits = row[i];
                    if (bits == 0) continue;
                    for (int other = 0; other < 2; other++)
                    {
                        if ((bits >> other & 1) == 0) continue;
                        int absolute = swap ? 1 - other : other, channel = Shape.Polarity == MotionPolarity.Absolute ? absolute : absolute == sign ? 0 : 1;
                        int input = Shape.Input(channel, delay, i - reach, dy);
                        if (movie.Task.Allows(input)) _inputs.Add((ushort)input);
                    }
                }
            }
        }
        _start.Add(_inputs.Count);
    }
}
