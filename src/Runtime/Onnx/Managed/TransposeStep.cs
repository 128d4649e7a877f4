namespace EdgeAutonomy.Runtime;

/// <summary>Puts dimensions into another order.</summary>
internal sealed class TransposeStep : ManagedStep
{
    private readonly int[] _extents, _strides;
    private readonly Slot _from, _to;

    /// <summary>Plans the move.</summary>
    /// <param name="shape">The shape before.</param>
    /// <param name="order">Which old dimension each new one is.</param>
    /// <param name="from">The numbers before.</param>
    /// <param name="to">The numbers after; another place.</param>
    public TransposeStep(int[] shape, int[] order, Slot from, Slot to)
    {
        int[] old = new int[shape.Length];
        for (int d = shape.Length - 1, stride = 1; d >= 0; d--)
        {
            old[d] = stride;
            stride *= shape[d];
        }
        _extents = Array.ConvertAll(order, d => shape[d]);
        _strides = Array.ConvertAll(order, d => old[d]);
        (_from, _to) = (from, to);
    }

    /// <inheritdoc/>
    public override void Run(Span<float> memory) => Move(_from.In(memory), _to.In(memory), _extents, _strides);

    /// <summary>Returns constant numbers in another order.</summary>
    public static float[] Of(ReadOnlySpan<float> values, int[] shape, int[] order)
    {
        var step = new TransposeStep(shape, order, default, default);
        float[] moved = new float[values.Length];
        Move(values, moved, step._extents, step._strides);
        return moved;
    }

    private static void Move(ReadOnlySpan<float> from, Span<float> to, int[] extents, int[] strides)
    {
        Span<int> index = stackalloc int[8]; // the compiler's limit of dimensions
        index.Clear();
        int at = 0;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[at];
            for (int d = extents.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < extents[d]) break;
                at -= index[d] * strides[d];
                index[d] = 0;
            }
        }
    }
}
