namespace EdgeAutonomy.Runtime;

/// <summary>Compiles the operators that move numbers or only rename their shape.</summary>
internal static class ShapeOperators
{
    public static void Identity(OperatorContext c)
    {
        var x = c.Required(0, "X");
        c.Alias(x, x.Shape);
    }

    public static void Dropout(OperatorContext c)
    {
        // Inference drops nothing; the ratio and the mode say what training did.
        c.Number("ratio", 0);
        c.Whole("seed", 0);
        if (c.HasResult(1)) throw c.Unsupported("the mask of dropped numbers is asked for");
        Identity(c);
    }

    public static void Cast(OperatorContext c)
    {
        var x = c.Required(0, "X");
        long to = c.Whole("to", 0);
        if (x.Element == OnnxElement.I64 && to == (long)OnnxElement.F32 && x.Constant is { } constant)
        {
            c.Constant(OnnxTensor.Of("", Array.ConvertAll(constant.Int64s.ToArray(), v => (float)v), constant.Shape));
            return;
        }
        // Truth is kept as 0 and 1, so that between bool and F32 nothing is to be done, except from F32 to bool, which asks for "not zero".
        bool free = (x.Element is OnnxElement.F32 or OnnxElement.Bool && to == (long)OnnxElement.F32) || (long)x.Element == to;
        if (!free) throw c.Unsupported($"a Cast from {x.Element} to {(OnnxElement)to} is not known to the managed engine");
        if (x.Element == OnnxElement.Bool && to == (long)OnnxElement.F32) c.AliasAs(x, OnnxElement.F32);
        else c.Alias(x, x.Shape);
    }

    public static void Constant(OperatorContext c)
    {
        if (c.Tensor("value") is { } tensor) c.Constant(tensor);
        else if (c.WholesOrNull("value_ints") is { } wholes) c.Constant(OnnxTensor.Of("", wholes.ToArray(), wholes.Count));
        else if (c.IsSet("value_int")) c.Constant(OnnxTensor.Of("", (long[])[c.Whole("value_int", 0)]));
        else if (c.IsSet("value_float")) c.Constant(OnnxTensor.Of("", (float[])[c.Number("value_float", 0)]));
        else throw c.Unsupported("the constant holds neither a tensor nor numbers");
    }

    public static void Reshape(OperatorContext c)
    {
        var x = c.Required(0, "data");
        bool zeroIsZero = c.Flag("allowzero");
        long[] wanted = c.Wholes(1, "shape");
        int[] shape = new int[wanted.Length];
        int open = -1;
        long known = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            long n = wanted[i];
            if (n == 0 && !zeroIsZero) n = i < x.Rank ? x.Shape[i] : throw c.Fail($"extent {i} is to be copied from dimension {i} of [{string.Join(", ", x.Shape)}]");
            if (n is < -1 or > int.MaxValue) throw c.Fail($"the shape holds {n}; extents are 1 or more, 0 = copy, -1 = what is left");
            if (n == -1 && open >= 0) throw c.Fail("the shape leaves two extents open; one -1 is allowed");
            if (n == -1) open = i;
            else known = Math.Min(known * n, int.MaxValue);
            shape[i] = (int)n;
        }
        if (open >= 0) shape[open] = known > 0 && x.Count % known == 0 ? (int)(x.Count / known) : throw c.Fail($"{x.Count} numbers do not divide into the shape [{string.Join(", ", wanted)}]");
        c.Alias(x, shape);
    }

    public static void Flatten(OperatorContext c)
    {
        var x = c.Required(0, "input");
        int axis = c.Axis("axis", 1, x.Rank, toEnd: true), rows = 1;
        for (int d = 0; d < axis; d++) rows *= x.Shape[d];
        c.Alias(x, [rows, x.Count / Math.Max(rows, 1)]);
    }

    public static void Squeeze(OperatorContext c)
    {
        var x = c.Required(0, "data");
        var axes = Axes(c, x.Rank);
        var shape = new List<int>();
        for (int d = 0; d < x.Rank; d++)
        {
            if (axes is null ? x.Shape[d] != 1 : !axes.Contains(d)) shape.Add(x.Shape[d]);
            else if (x.Shape[d] != 1) throw c.Fail($"dimension {d} of [{string.Join(", ", x.Shape)}] is not 1 and cannot be left out");
        }
        c.Alias(x, [.. shape]);
    }

    public static void Unsqueeze(OperatorContext c)
    {
        var x = c.Required(0, "data");
        int more = c.WholesOrNull("axes")?.Count ?? c.Wholes(1, "axes").Length;
        if (more > 8) throw c.Fail($"{more} axes are added");
        var axes = Axes(c, x.Rank + more)!;
        int next = 0;
        int[] shape = new int[x.Rank + more];
        for (int d = 0; d < shape.Length; d++) shape[d] = axes.Contains(d) ? 1 : next < x.Rank ? x.Shape[next++] : throw c.Fail("an axis is named twice");
        c.Alias(x, shape);
    }

    public static void Transpose(OperatorContext c)
    {
        var x = c.Numbers(0, "data");
        int[] order = c.Wholes("perm", x.Rank, 0, x.Rank - 1) ?? [.. Enumerable.Range(0, x.Rank).Reverse()];
        if (order.Distinct().Count() != x.Rank) throw c.Fail($"the order [{string.Join(", ", order)}] names a dimension twice");
        int[] shape = Array.ConvertAll(order, d => x.Shape[d]);
        if (x.Constant is { } constant) c.Constant(OnnxTensor.Of("", TransposeStep.Of(constant.Singles, x.Shape, order), Array.ConvertAll(shape, n => (long)n)));
        else c.Emit(new TransposeStep(x.Shape, order, c.Place(x), c.Result(shape)));
    }

    public static void Concat(OperatorContext c)
    {
        if (c.InputCount == 0) throw c.Fail("there is nothing to join");
        var parts = new Operand[c.InputCount];
        for (int i = 0; i < parts.Length; i++) parts[i] = c.Numbers(i, "inputs");
        int rank = parts[0].Rank, axis = c.Axis("axis", 0, rank);
        long sum = 0;
        foreach (var part in parts)
        {
            bool fits = part.Rank == rank;
            for (int d = 0; fits && d < rank; d++) fits = d == axis || part.Shape[d] == parts[0].Shape[d];
            if (!fits) throw c.Fail($"[{string.Join(", ", part.Shape)}] cannot be joined to [{string.Join(", ", parts[0].Shape)}] along dimension {axis}");
            sum += part.Shape[axis];
        }
        int[] shape = [.. parts[0].Shape];
        shape[axis] = (int)Math.Min(sum, int.MaxValue);
        int inner = 1;
        for (int d = axis + 1; d < rank; d++) inner *= shape[d];
        var from = Array.ConvertAll(parts, c.Place);
        var to = c.Result(shape);
        c.Emit(new ConcatStep(from, Array.ConvertAll(parts, p => p.Shape[axis] * inner), to));
    }

    private static List<int>? Axes(OperatorContext c, int rank)
    {
        // A setting up to operator set 12, an input from 13 on.
        var axes = c.WholesOrNull("axes") ?? (c.Optional(1) is null ? null : c.Wholes(1, "axes"));
        return axes?.Select(a => c.Axis(a, rank)).ToList();
    }
}
