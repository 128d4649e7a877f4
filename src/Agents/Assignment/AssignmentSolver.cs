namespace EdgeAutonomy.Agents;

/// <summary>Assigns rows to columns one to one at the least total cost, exactly: shortest augmenting paths with potentials (Kuhn 1955, Munkres 1957; the form of Jonker and Volgenant 1987), O(n²·m).</summary>
/// <remarks>
/// Rectangular; the shorter side is assigned entirely where finite costs allow it. An infinite cost forbids a pair: as many pairs as possible are made first, then the cost is the least among those. Ties go to the lower
/// column, so equal inputs give equal answers. Not thread-safe; 0 bytes once its buffers have grown.
/// </remarks>
public sealed class AssignmentSolver
{
    private double[] _cost = [], _rowPotential = [], _columnPotential = [], _shortest = [];
    private int[] _rowOf = [], _from = [];
    private bool[] _done = [];

    /// <summary>Finds the best assignment.</summary>
    /// <param name="cost">Costs, <c>[row * columns + column]</c>; finite, or +∞ for a forbidden pair.</param>
    /// <param name="rows">Rows; at least 0.</param>
    /// <param name="columns">Columns; at least 0.</param>
    /// <param name="columnOf">For every row its column, −1 = none; as long as there are rows.</param>
    /// <returns>The sum of the costs of the pairs made.</returns>
    /// <exception cref="ArgumentException">Sizes disagree, or a cost is NaN or −∞.</exception>
    public double Solve(ReadOnlySpan<double> cost, int rows, int columns, Span<int> columnOf)
    {
        if (rows < 0 || columns < 0 || (long)rows * columns != cost.Length || columnOf.Length != rows) throw new ArgumentException($"Assignment: {rows} rows × {columns} columns, but {cost.Length} costs and room for {columnOf.Length} answers.", nameof(cost));
        double largest = 0;
        bool forbids = false;
        for (int i = 0; i < cost.Length; i++)
        {
            if (double.IsNaN(cost[i]) || double.IsNegativeInfinity(cost[i])) throw new ArgumentException($"Assignment: cost of row {i / columns}, column {i % columns} is {cost[i]}; must be finite, or +∞ for a forbidden pair.", nameof(cost));
            if (double.IsPositiveInfinity(cost[i])) forbids = true;
            else largest = Math.Max(largest, Math.Abs(cost[i]));
        }
        columnOf.Fill(-1);
        if (rows == 0 || columns == 0) return 0;
        // Dearer than any assignment without it can differ from any other, so that one forbidden pair less is worth everything.
        double forbidden = forbids ? 1 + 4 * largest * Math.Min(rows, columns) : 0;
        bool turned = rows > columns;
        (int n, int m) = turned ? (columns, rows) : (rows, columns);
        Grow(n, m);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < m; j++)
            {
                double c = turned ? cost[j * columns + i] : cost[i * columns + j];
                _cost[i * m + j] = double.IsPositiveInfinity(c) ? forbidden : c;
            }
        }
        for (int row = 0; row < n; row++) Augment(row, m);
        double total = 0;
        for (int j = 0; j < m; j++)
        {
            if (_rowOf[j] < 0) continue;
            (int r, int c) = turned ? (j, _rowOf[j]) : (_rowOf[j], j);
            if (double.IsPositiveInfinity(cost[r * columns + c])) continue;
            columnOf[r] = c;
        }
        // In the order of rows, so that the sum does not depend on the way to it.
        for (int r = 0; r < rows; r++)
        {
            if (columnOf[r] >= 0) total += cost[r * columns + columnOf[r]];
        }
        return total;
    }

    private void Grow(int n, int m)
    {
        if (_cost.Length < n * m) _cost = new double[n * m];
        if (_rowPotential.Length < n) _rowPotential = new double[n];
        if (_shortest.Length < m) (_shortest, _columnPotential, _rowOf, _from, _done) = (new double[m], new double[m], new int[m], new int[m], new bool[m]);
        _rowPotential.AsSpan(0, n).Clear();
        _columnPotential.AsSpan(0, m).Clear();
        _rowOf.AsSpan(0, m).Fill(-1);
    }

    /// <summary>Finds the shortest alternating path from a free row to a free column (Dijkstra over reduced costs) and flips it.</summary>
    private void Augment(int start, int m)
    {
        var shortest = _shortest.AsSpan(0, m);
        var done = _done.AsSpan(0, m);
        shortest.Fill(double.PositiveInfinity);
        done.Clear();
        int row = start, column = -1;
        while (true)
        {
            var costs = _cost.AsSpan(row * m, m);
            double potential = _rowPotential[row], reached = column < 0 ? 0 : shortest[column], least = double.PositiveInfinity;
            int next = -1;
            for (int j = 0; j < m; j++)
            {
                if (done[j]) continue;
                double length = reached + (costs[j] - potential - _columnPotential[j]);
                if (length < shortest[j])
                {
                    shortest[j] = length;
                    _from[j] = column;
                }
                if (shortest[j] < least)
                {
                    least = shortest[j];
                    next = j;
                }
            }
            column = next;
            if (_rowOf[column] < 0) break;
            done[column] = true;
            row = _rowOf[column];
        }
        double end = shortest[column];
        _rowPotential[start] += end;
        for (int j = 0; j < m; j++)
        {
            if (!done[j]) continue;
            _rowPotential[_rowOf[j]] += end - shortest[j];
            _columnPotential[j] -= end - shortest[j];
        }
        while (column >= 0)
        {
            int before = _from[column];
            _rowOf[column] = before < 0 ? start : _rowOf[before];
            column = before;
        }
    }
}
