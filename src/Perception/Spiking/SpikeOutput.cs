namespace EdgeAutonomy.Perception;

/// <summary>What one Output node of a network sends after each step.</summary>
/// <remarks>Valid until the next step. Elements are counted H,W,C (channels fastest), or plainly where the output is a vector.</remarks>
public sealed unsafe class SpikeOutput
{
    private readonly Signal _signal;
    private readonly int[] _shape;
    private readonly int[] _active;
    private readonly float[] _values;
    private int _count;
    private bool _isStale = true;

    internal SpikeOutput(string name, int[] shape, Signal signal)
    {
        (Name, _shape, _signal) = (name, shape, signal);
        _active = new int[signal.Layout.Elements];
        _values = new float[signal.Layout.Elements];
    }

    /// <summary>Gets the node's name.</summary>
    public string Name { get; }

    /// <summary>Gets the shape as the file has it: C,H,W, or one extent.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Gets how many elements there are.</summary>
    public int Elements => _values.Length;

    /// <summary>Gets which elements are not 0 after this step, ascending: the spikes, where neurons spike.</summary>
    public ReadOnlySpan<int> Active
    {
        get
        {
            // Without padding the places are the indices.
            if (_signal.Layout.Stride == _signal.Layout.Channels || _signal.Layout.Sites == 1) return _signal.Active;
            Refresh();
            return _active.AsSpan(0, _count);
        }
    }

    /// <summary>Gets the value of every element after this step: 0 or 1, a count, or a membrane.</summary>
    public ReadOnlySpan<float> Values
    {
        get
        {
            Refresh();
            return _values;
        }
    }

    /// <summary>Says that a step has passed. What nobody asks for is not worked out.</summary>
    internal void Update() => _isStale = true;

    private void Refresh()
    {
        if (!_isStale) return;
        _isStale = false;
        for (int k = 0; k < _count; k++) _values[_active[k]] = 0;
        var layout = _signal.Layout;
        _count = _signal.Count;
        for (int k = 0; k < _count; k++)
        {
            int place = _signal.List[k], index = layout.PackedOfPlace(place);
            _active[k] = index;
            _values[index] = _signal.IsOnes ? 1 : _signal.Values[place];
        }
    }
}
