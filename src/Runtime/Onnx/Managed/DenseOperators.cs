namespace EdgeAutonomy.Runtime;

/// <summary>Compiles Gemm and MatMul.</summary>
internal static class DenseOperators
{
    // Each becomes a step of its own.
    private const int MaxProducts = 4096;

    public static void Gemm(OperatorContext c)
    {
        float alpha = c.Number("alpha", 1), beta = c.Number("beta", 1);
        bool transA = c.Flag("transA"), transB = c.Flag("transB");
        Operand a = c.Numbers(0, "A"), b = c.Numbers(1, "B");
        var bias = c.Optional(2);
        if (a.Rank != 2 || b.Rank != 2) throw c.Fail($"A is [{string.Join(", ", a.Shape)}] and B [{string.Join(", ", b.Shape)}]; both must be matrices");
        int m = a.Shape[transA ? 1 : 0], k = a.Shape[transA ? 0 : 1], n = b.Shape[transB ? 0 : 1], inner = b.Shape[transB ? 1 : 0];
        if (k != inner) throw c.Fail($"A has {k} columns and B {inner} rows (after transposing); they must agree");
        var from = c.Place(a);
        if (transA)
        {
            var turned = c.Scratch(a.Count);
            c.Emit(new TransposeStep(a.Shape, [1, 0], from, turned));
            from = turned;
        }
        int rowStride = transB ? 1 : n, columnStride = transB ? k : 1;
        // A constant bias per column goes into the sums; any other C is added afterwards.
        float[] perColumn = bias?.Constant is { Element: OnnxElement.F32 } constant && IsPerColumn(bias.Shape, n) ? Spread(constant.Singles, n, beta) : [];
        var to = c.Result([m, n]);
        if (b.Constant is { } weights)
        {
            float[] scaled = weights.Singles.ToArray();
            if (alpha != 1) for (int i = 0; i < scaled.Length; i++) scaled[i] *= alpha;
            c.Emit(new DenseStep(new PackedMatrix(scaled, k, n, rowStride, columnStride, perColumn), m, from, to));
        }
        else
        {
            if (alpha != 1) throw c.Unsupported($"alpha is {alpha} and B is computed; the managed engine wants alpha 1 there");
            c.Emit(new ProductStep(k, n, rowStride, columnStride, perColumn, c.Scratch((long)PanelKernel.Padded(n) * k), m, from, c.Place(b), to));
        }
        if (bias is null || perColumn.Length > 0) return;
        if (beta != 1) throw c.Unsupported($"beta is {beta} and C is computed or a matrix; the managed engine wants beta 1 there");
        ElementOperators.AddTo(c, to, [m, n], c.Numbers(2, "C"));
    }

    public static void MatMul(OperatorContext c)
    {
        Operand a = c.Numbers(0, "A"), b = c.Numbers(1, "B");
        if (a.Rank < 1 || b.Rank < 1) throw c.Fail("an operand is a single number; both need at least one dimension");
        // Vectors count as a row on the left and as a column on the right, and the dimension added disappears again (numpy's rule).
        int[] left = a.Rank == 1 ? [1, a.Shape[0]] : a.Shape, right = b.Rank == 1 ? [b.Shape[0], 1] : b.Shape;
        int m = left[^2], k = left[^1], n = right[^1];
        if (k != right[^2]) throw c.Fail($"[{string.Join(", ", a.Shape)}] times [{string.Join(", ", b.Shape)}] does not fit: {k} columns, {right[^2]} rows");
        int[] batch = left[..^2], batchB = right[..^2];
        bool shared = batchB.All(d => d == 1);
        if (!shared && !batch.AsSpan().SequenceEqual(batchB)) throw c.Unsupported($"the batches [{string.Join(", ", batch)}] and [{string.Join(", ", batchB)}] differ; the managed engine multiplies equal batches, or all with one matrix");
        if (shared && batchB.Length > batch.Length) throw c.Unsupported("B has more dimensions than A");
        int[] shape = [.. batch, .. a.Rank == 1 ? Array.Empty<int>() : [m], .. b.Rank == 1 ? Array.Empty<int>() : [n]];
        var from = c.Place(a);
        int products = 1;
        foreach (int d in batch) products *= d; // divides the count of A, so it cannot overflow
        if (shared)
        {
            m *= products;
            products = 1;
        }
        if (shared && b.Constant is { } weights)
        {
            c.Emit(new DenseStep(new PackedMatrix(weights.Singles, k, n, n, 1, []), m, from, c.Result(shape)));
            return;
        }
        if (products > MaxProducts) throw c.Unsupported($"there are {products} products of pairs of matrices; the managed engine makes at most {MaxProducts}");
        var with = c.Place(b);
        var scratch = c.Scratch((long)PanelKernel.Padded(n) * k);
        var to = c.Result(shape);
        for (int i = 0; i < products; i++) c.Emit(new ProductStep(k, n, n, 1, [], scratch, m, from.Part(i * m * k, m * k), with.Part(i * k * n, k * n), to.Part(i * m * n, m * n)));
    }

    private static bool IsPerColumn(int[] shape, int n) => shape is [] or [1] or [1, 1] || (shape is [var d] && d == n) || (shape is [1, var e] && e == n);

    private static float[] Spread(ReadOnlySpan<float> values, int n, float factor)
    {
        float[] spread = new float[n];
        for (int i = 0; i < n; i++) spread[i] = values[values.Length == 1 ? 0 : i] * factor;
        return spread;
    }
}
