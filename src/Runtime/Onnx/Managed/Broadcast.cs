namespace EdgeAutonomy.Runtime;

/// <summary>How two operands of different shapes meet: ONNX's multidirectional broadcasting, reduced to as few and as long runs as possible.</summary>
internal sealed class Broadcast
{
    /// <summary>Plans how two shapes meet.</summary>
    public Broadcast(OperatorContext c, int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        Shape = new int[rank];
        var extents = new List<int>();
        List<int> strideA = [], strideB = [];
        int stepA = 1, stepB = 1;
        for (int d = rank - 1; d >= 0; d--)
        {
            int na = At(a, d - rank + a.Length), nb = At(b, d - rank + b.Length);
            if (na != nb && na != 1 && nb != 1) throw c.Fail($"the shapes [{string.Join(", ", a)}] and [{string.Join(", ", b)}] do not fit");
            int n = Shape[d] = Math.Max(na, nb);
            int sa = na == 1 ? 0 : stepA, sb = nb == 1 ? 0 : stepB;
            stepA *= na;
            stepB *= nb;
            if (n == 1) continue;
            // Joins the next inner dimension where both operands go on without a jump.
            if (extents.Count > 0 && sa == strideA[^1] * extents[^1] && sb == strideB[^1] * extents[^1]) extents[^1] *= n;
            else
            {
                extents.Add(n);
                strideA.Add(sa);
                strideB.Add(sb);
            }
        }
        if (extents.Count == 0)
        {
            extents.Add(1);
            strideA.Add(1);
            strideB.Add(1);
        }
        Run = extents[0];
        (StepA, StepB) = (strideA[0], strideB[0]);
        Extents = [.. extents.Skip(1)];
        StridesA = [.. strideA.Skip(1)];
        StridesB = [.. strideB.Skip(1)];
    }

    /// <summary>Gets the result's shape.</summary>
    public int[] Shape { get; }

    /// <summary>Gets the length of a run.</summary>
    public int Run { get; }

    /// <summary>Gets the step of the first operand within a run: 1, or 0 where one number meets the whole run.</summary>
    public int StepA { get; }

    /// <summary>Gets the step of the second operand within a run.</summary>
    public int StepB { get; }

    /// <summary>Gets the extents outside a run, the inner ones first.</summary>
    public int[] Extents { get; }

    /// <summary>Gets the first operand's strides of them.</summary>
    public int[] StridesA { get; }

    /// <summary>Gets the second operand's strides of them.</summary>
    public int[] StridesB { get; }

    private static int At(int[] shape, int index) => index < 0 ? 1 : shape[index];
}
