namespace EdgeAutonomy.Perception;

/// <summary>Chooses centroids among points and finds the nearest points of each.</summary>
/// <remarks>Equal distances go to the lower index, so the result is a function of the points in their order. Allocation-free after construction.</remarks>
internal sealed class PointGroups
{
    private readonly PointOptions _options;
    private readonly float[] _distances;
    private readonly float[] _least;
    private readonly int[] _cellCount, _cellStart, _cellNext, _cell, _byCell;

    internal PointGroups(PointOptions options)
    {
        _options = options;
        _distances = new float[PointDistance.Padded(options.Points)];
        _least = new float[options.Neighbours];
        int cells = options.VoxelsPerAxis * options.VoxelsPerAxis * options.VoxelsPerAxis;
        (_cellCount, _cellStart, _cellNext) = (new int[cells], new int[cells + 1], new int[cells]);
        (_cell, _byCell) = (new int[options.Points], new int[options.Points]);
    }

    /// <summary>Writes the index of each group's centroid; where there are fewer points than groups, points come again.</summary>
    /// <param name="x">Coordinates in 0 … 1, padded to whole blocks.</param>
    /// <param name="y">Likewise.</param>
    /// <param name="t">Likewise.</param>
    /// <param name="count">How many points, at least 1.</param>
    /// <param name="centroids">Takes the indices.</param>
    internal void Choose(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, int count, Span<int> centroids)
    {
        if (_options.Centroids == PointCentroids.Farthest) Farthest(x, y, t, count, centroids);
        else Voxels(x, y, t, count, centroids);
    }

    /// <summary>Writes the indices of the points nearest to a place, ascending by distance; where there are too few points they come again.</summary>
    internal void Nearest(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, int count, int centre, Span<int> nearest)
    {
        var d = _distances.AsSpan(0, PointDistance.Padded(count));
        PointDistance.Squares(x[..d.Length], y[..d.Length], t[..d.Length], x[centre], y[centre], t[centre], d);
        int k = nearest.Length, held = 0;
        var least = _least.AsSpan(0, k);
        for (int i = 0; i < count; i++)
        {
            float square = d[i];
            // Nearly all points fail here once the list is full.
            if (held == k && !(square < least[k - 1])) continue;
            int at = held < k ? held++ : k - 1;
            for (; at > 0 && least[at - 1] > square; at--) (least[at], nearest[at]) = (least[at - 1], nearest[at - 1]);
            (least[at], nearest[at]) = (square, i);
        }
        for (int i = held; i < k; i++) nearest[i] = nearest[i - held];
    }

    private void Farthest(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, int count, Span<int> centroids)
    {
        var d = _distances.AsSpan(0, PointDistance.Padded(count));
        d[..count].Fill(float.PositiveInfinity);
        d[count..].Fill(-1);
        int next = 0; // the oldest point
        for (int g = 0; g < centroids.Length; g++)
        {
            centroids[g] = next;
            next = PointDistance.Shrink(x[..d.Length], y[..d.Length], t[..d.Length], x[next], y[next], t[next], d);
        }
    }

    // Round r takes the r-th point of every cell that has so many. A round that does not fit is thinned evenly over the cells.
    private void Voxels(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, int count, Span<int> centroids)
    {
        int side = _options.VoxelsPerAxis, taken = 0, most = 0;
        Array.Clear(_cellCount);
        for (int i = 0; i < count; i++)
        {
            int c = (Along(t[i], side) * side + Along(y[i], side)) * side + Along(x[i], side);
            _cell[i] = c;
            most = Math.Max(most, ++_cellCount[c]);
        }
        for (int c = 0; c < _cellCount.Length; c++) _cellStart[c + 1] = _cellStart[c] + _cellCount[c];
        for (int c = 0; c < _cellCount.Length; c++) _cellNext[c] = _cellStart[c];
        for (int i = 0; i < count; i++) _byCell[_cellNext[_cell[i]]++] = i;
        for (int round = 0; taken < centroids.Length; round++)
        {
            int rank = round % most, full = 0, seen = 0;
            foreach (int n in _cellCount) full += n > rank ? 1 : 0;
            int room = Math.Min(full, centroids.Length - taken);
            for (int c = 0; c < _cellCount.Length && taken < centroids.Length; c++)
            {
                if (_cellCount[c] <= rank) continue;
                // Cell number `seen` of `full` is kept where seen·room/full moves on to the next whole number.
                if ((seen + 1) * room / full > seen * room / full) centroids[taken++] = _byCell[_cellStart[c] + rank];
                seen++;
            }
        }
    }

    private static int Along(float v, int side) => Math.Clamp((int)(v * side), 0, side - 1);
}
