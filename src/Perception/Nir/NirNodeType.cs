namespace EdgeAutonomy.Perception;

/// <summary>The node types of NIR; the names are those in the files.</summary>
/// <remarks>Equations: Pedersen et al., "Neuromorphic Intermediate Representation", Nature Communications 2024, table 1.</remarks>
public enum NirNodeType
{
    /// <summary>Where signals come in; parameter shape.</summary>
    Input,

    /// <summary>Where signals go out; parameter shape.</summary>
    Output,

    /// <summary>y = Wx + b; parameters weight [out, in], bias [out].</summary>
    Affine,

    /// <summary>y = Wx; parameter weight [out, in].</summary>
    Linear,

    /// <summary>y = s·x, element by element; parameter scale.</summary>
    Scale,

    /// <summary>Convolution over one axis; weight [out, in/groups, k].</summary>
    Conv1d,

    /// <summary>Convolution over two axes; weight [out, in/groups, kh, kw].</summary>
    Conv2d,

    /// <summary>Sum over windows; kernel_size, stride, padding.</summary>
    SumPool2d,

    /// <summary>Mean over windows; kernel_size, stride, padding.</summary>
    AvgPool2d,

    /// <summary>Several axes become one; start_dim, end_dim, input_type.</summary>
    Flatten,

    /// <summary>y(t) = x(t − delay), element by element, in seconds.</summary>
    Delay,

    /// <summary>z = 1 where x is above threshold.</summary>
    Threshold,

    /// <summary>Integrator without leak and spike.</summary>
    I,

    /// <summary>Integrate and fire.</summary>
    IF,

    /// <summary>Leaky integrator without spike.</summary>
    LI,

    /// <summary>Leaky integrate and fire.</summary>
    LIF,

    /// <summary>Leaky integrator behind a synaptic current.</summary>
    CubaLI,

    /// <summary>Leaky integrate and fire behind a synaptic current.</summary>
    CubaLIF,

    /// <summary>A graph inside a graph.</summary>
    NIRGraph,
}
