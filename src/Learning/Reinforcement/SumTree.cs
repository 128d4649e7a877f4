namespace EdgeAutonomy.Learning;

/// <summary>Weights in the leaves of a binary tree of sums: a leaf is drawn in proportion to its weight in log₂ n steps (Schaul et al. 2016, appendix B.2.1).</summary>
/// <remarks>Every inner node is always left + right of its present children, never a running difference: the sums are a function of the leaves and do not drift.</remarks>
internal sealed class SumTree
{
    private readonly double[] _nodes; // node 1 is the root, the children of i are 2i and 2i + 1
    private readonly int _leaves;

    public SumTree(int capacity)
    {
        _leaves = 1;
        while (_leaves < capacity) _leaves *= 2;
        _nodes = new double[2 * _leaves];
    }

    public double Total => _nodes[1];

    public double this[int leaf] => _nodes[_leaves + leaf];

    public void Set(int leaf, double weight)
    {
        int i = _leaves + leaf;
        _nodes[i] = weight;
        for (i /= 2; i >= 1; i /= 2) _nodes[i] = _nodes[2 * i] + _nodes[2 * i + 1];
    }

    /// <summary>Returns the leaf at which the running sum of the weights first exceeds a mass in [0, total); never one of weight zero.</summary>
    public int Find(double mass)
    {
        int i = 1;
        while (i < _leaves)
        {
            double left = _nodes[2 * i];
            // The second test catches a mass that rounding has put behind the last weight.
            if (mass < left || _nodes[2 * i + 1] <= 0) i = 2 * i;
            else
            {
                mass -= left;
                i = 2 * i + 1;
            }
        }
        return i - _leaves;
    }

    public ReadOnlySpan<double> Leaves(int count) => _nodes.AsSpan(_leaves, count);

    public void Restore(ReadOnlySpan<double> leaves)
    {
        Array.Clear(_nodes);
        leaves.CopyTo(_nodes.AsSpan(_leaves));
        for (int i = _leaves - 1; i >= 1; i--) _nodes[i] = _nodes[2 * i] + _nodes[2 * i + 1];
    }
}
