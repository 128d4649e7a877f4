namespace EdgeAutonomy.Runtime;

/// <summary>Compiles the operators that work element by element.</summary>
internal static class ElementOperators
{
    public static void Unary<TFunction>(OperatorContext c, TFunction function) where TFunction : struct, ElementFunctions.IUnary
    {
        var x = c.Numbers(0, "X");
        var from = c.Place(x);
        c.Emit(new UnaryStep<TFunction>(function, from, c.ResultLike(x)));
    }

    public static void Clip(OperatorContext c)
    {
        // Bounds are settings up to operator set 10 and inputs from 11 on.
        float low = c.Number("min", float.NegativeInfinity), high = c.Number("max", float.PositiveInfinity);
        if (c.Optional(1) is not null) low = Scalar(c, 1, "min");
        if (c.Optional(2) is not null) high = Scalar(c, 2, "max");
        Unary(c, new ElementFunctions.Clip(low, high));
    }

    public static void Binary<TFunction>(OperatorContext c) where TFunction : struct, ElementFunctions.IBinary => Binary<TFunction>(c, OnnxElement.F32);

    public static void Binary<TFunction>(OperatorContext c, OnnxElement element) where TFunction : struct, ElementFunctions.IBinary
    {
        if (c.InputCount != 2) throw c.Unsupported($"there are {c.InputCount} inputs; the managed engine takes two");
        Operand a = c.Numbers(0, "A"), b = c.Numbers(1, "B");
        Slot from = c.Place(a), with = c.Place(b);
        var plan = new Broadcast(c, a.Shape, b.Shape);
        // In place only where the shapes agree: an operand that is spread is read again after its place was written.
        var to = a.IsExclusive && plan.Shape.AsSpan().SequenceEqual(a.Shape) ? c.ResultLike(a, element)
            : b.IsExclusive && plan.Shape.AsSpan().SequenceEqual(b.Shape) ? c.ResultLike(b, element)
            : c.Result(plan.Shape, 0, element);
        c.Emit(new BinaryStep<TFunction>(plan, from, with, to));
    }

    /// <summary>Adds an operand to a value in place; the operand spreads over it.</summary>
    public static void AddTo(OperatorContext c, Slot target, int[] shape, Operand operand)
    {
        var plan = new Broadcast(c, shape, operand.Shape);
        if (!plan.Shape.AsSpan().SequenceEqual(shape)) throw c.Fail($"[{string.Join(", ", operand.Shape)}] does not spread over [{string.Join(", ", shape)}]");
        c.Emit(new BinaryStep<ElementFunctions.Add>(plan, target, c.Place(operand), target));
    }

    private static float Scalar(OperatorContext c, int index, string what)
    {
        var values = c.Weights(index, what).Singles;
        return values.Length == 1 ? values[0] : throw c.Fail($"the input '{what}' holds {values.Length} numbers, must hold 1");
    }
}
