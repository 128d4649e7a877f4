namespace EdgeAutonomy.Runtime;

/// <summary>A value of a graph while it is compiled: its shape, and its constant numbers or its place in memory.</summary>
internal sealed class Operand
{
    public required int[] Shape { get; init; }

    public required OnnxElement Element { get; init; }

    /// <summary>Gets the numbers; null for what is computed.</summary>
    public OnnxTensor? Constant { get; init; }

    /// <summary>Gets or sets the place; null for a constant that no step has asked for yet.</summary>
    public Slot? Slot { get; set; }

    /// <summary>Gets whether the only reader may overwrite it.</summary>
    public bool IsExclusive { get; init; }

    public int Rank => Shape.Length;

    public int Count
    {
        get
        {
            int count = 1;
            foreach (int n in Shape) count *= n;
            return count;
        }
    }
}
