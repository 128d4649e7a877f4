using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>The products of a layer with weights [in, out], densely or by rows where the inputs are mostly zeros.</summary>
/// <remarks>Both ways give the same bits (<see cref="SparseProduct{T}"/>), so which one is taken may depend on the data.</remarks>
internal sealed class WeightedProduct<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Below this share of non-zeros the row path is faster, if a row fills a register (measured with 512 bits, 50 to 288 inputs and 16 to 256 outputs: the
    // products cost the same at 10 to 20 %, the gradients at 8 to 12 %).
    private const double SparseBelow = 0.10;
    private const int FullRegister = 16;
    private readonly Gemm<T> _gemm = new();
    private readonly SparseProduct<T> _sparse = new();
    private T[] _column = [];

    /// <summary>Gets or sets whether the row path is taken always (true), never (false) or by the activity (null).</summary>
    public bool? Sparse { get; set; }

    /// <summary>Decides for a span of inputs.</summary>
    public bool IsSparse(ReadOnlySpan<T> input, int outputs) => Sparse ?? (outputs >= FullRegister && SparseProduct<T>.Activity(input) < SparseBelow);

    /// <summary>Computes y (+)= x·W.</summary>
    public void Forward(bool sparse, ReadOnlySpan<T> x, int rows, int inputs, ReadOnlySpan<T> weights, int outputs, Span<T> y, bool accumulate = false)
    {
        if (sparse) _sparse.Multiply(x, rows, inputs, weights, outputs, y, accumulate);
        else _gemm.Multiply(new Matrix<T>(x, rows, inputs), new Matrix<T>(weights, inputs, outputs), y, accumulate);
    }

    /// <summary>Adds xᵀ·δ to the gradient of W.</summary>
    public void WeightGradient(bool sparse, ReadOnlySpan<T> x, int rows, int inputs, ReadOnlySpan<T> delta, int outputs, Span<T> gradient)
    {
        if (sparse) _sparse.AddTransposed(x, rows, inputs, delta, outputs, gradient);
        else _gemm.Multiply(new Matrix<T>(x, rows, inputs).Transposed, new Matrix<T>(delta, rows, outputs), gradient, accumulate: true);
    }

    /// <summary>Computes δx (+)= δ·Wᵀ.</summary>
    public void InputGradient(ReadOnlySpan<T> delta, int rows, int outputs, ReadOnlySpan<T> weights, int inputs, Span<T> gradient, bool accumulate = false) =>
        _gemm.Multiply(new Matrix<T>(delta, rows, outputs), new Matrix<T>(weights, inputs, outputs).Transposed, gradient, accumulate);

    /// <summary>Adds the bias to every row.</summary>
    public static void AddBias(ReadOnlySpan<T> bias, Span<T> y)
    {
        for (int r = 0; r < y.Length; r += bias.Length) Lanes.Add(bias, y.Slice(r, bias.Length));
    }

    /// <summary>Adds the sum over rows to the gradient of the bias, blocks of rows first so that float32 does not lose the small ones.</summary>
    public void BiasGradient(ReadOnlySpan<T> delta, Span<T> gradient)
    {
        const int Block = 256;
        int n = gradient.Length;
        if (_column.Length < n) _column = new T[n];
        var sum = _column.AsSpan(0, n);
        for (int from = 0; from < delta.Length; from += Block * n)
        {
            sum.Clear();
            int to = Math.Min(delta.Length, from + Block * n);
            for (int r = from; r < to; r += n) Lanes.Add(delta.Slice(r, n), sum);
            Lanes.Add<T>(sum, gradient);
        }
    }
}
