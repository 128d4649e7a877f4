namespace EdgeAutonomy.Perception;

/// <summary>The parameters of each node type (NIR at commit 7232ada, nir/ir/*.py).</summary>
internal static class NirRules
{
    /// <summary>The most axes that a value, or a shape told by one, can have.</summary>
    public const int MaxAxes = 32;

    private static readonly NirRule[][] All = [.. Enum.GetValues<NirNodeType>().Select(Make)];

    public static NirRule[] Of(NirNodeType type) => All[(int)type];

    private static NirRule[] Make(NirNodeType type) => type switch
    {
        NirNodeType.Input or NirNodeType.Output => [new("shape") { MaxRank = 1, MaxCount = MaxAxes, Least = 1 }],
        NirNodeType.Affine => [new("weight") { MinRank = 2 }, new("bias")],
        NirNodeType.Linear => [new("weight") { MinRank = 2 }],
        NirNodeType.Scale => [Population("scale")],
        NirNodeType.Conv1d => Convolution(1),
        NirNodeType.Conv2d => Convolution(2),
        NirNodeType.SumPool2d or NirNodeType.AvgPool2d => [Axes("kernel_size", 1, 2), Axes("stride", 1, 2), Axes("padding", 0, 2)],
        NirNodeType.Flatten => [Axes("start_dim", -32, 1) with { IsRequired = false }, Axes("end_dim", -32, 1) with { IsRequired = false }, new("input_type") { IsRequired = false, MaxRank = 1, MaxCount = MaxAxes, Least = 1 }],
        NirNodeType.Delay => [Population("delay")],
        NirNodeType.Threshold => [Population("threshold")],
        NirNodeType.I => [Population("r")],
        NirNodeType.IF => [Population("r"), Population("v_threshold"), Optional("v_reset")],
        NirNodeType.LI => [Population("tau"), Population("r"), Population("v_leak")],
        NirNodeType.LIF => [Population("tau"), Population("r"), Population("v_leak"), Population("v_threshold"), Optional("v_reset")],
        NirNodeType.CubaLI => [Population("tau_syn"), Population("tau_mem"), Population("r"), Population("v_leak"), Optional("w_in")],
        NirNodeType.CubaLIF => [Population("tau_syn"), Population("tau_mem"), Population("r"), Population("v_leak"), Population("v_threshold"), Optional("v_reset"), Optional("w_in")],
        NirNodeType.NIRGraph => [],
        _ => throw new InvalidOperationException($"Bug in EdgeAutonomy.Perception: node type {type} has no rules."),
    };

    private static NirRule[] Convolution(int axes) =>
    [
        new("weight") { MinRank = 2 + axes, MaxRank = 2 + axes, MinCount = 1 },
        new("bias") { MaxRank = 1 },
        Axes("stride", 1, axes),
        Axes("padding", 0, axes) with { Texts = ["same", "valid"] },
        Axes("dilation", 1, axes),
        Axes("groups", 1, 1),
        Axes("input_shape", 1, axes) with { IsRequired = false },
    ];

    private static NirRule Population(string name) => new(name) { IsPopulation = true };

    private static NirRule Optional(string name) => new(name) { IsPopulation = true, IsRequired = false };

    // One number for all axes, or one for each.
    private static NirRule Axes(string name, int least, int axes) => new(name) { MaxRank = 1, MinCount = 1, MaxCount = axes, Least = least };
}
