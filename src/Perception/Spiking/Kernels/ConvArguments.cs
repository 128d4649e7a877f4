namespace EdgeAutonomy.Perception;

/// <summary>The geometry of one convolution or pooling, ready for the kernels. Images are HWC.</summary>
internal unsafe struct ConvArguments
{
    /// <summary>Weights [ky][kx][input channel][output channels of its group]; without groups the last extent is padded to 16.</summary>
    internal float* Weights;

    /// <summary>The taps of input row y are TapsY[StartY[y] … StartY[y + 1]): where the output row begins, and where the weights of that kernel row begin.</summary>
    internal int* StartY, StartX;

    internal Tap* TapsY, TapsX;

    internal int InHeight, InWidth, InChannels, InStride;

    internal int OutHeight, OutWidth, OutChannels, OutStride;

    internal int KernelHeight, KernelWidth, StepY, StepX, DilationY, DilationX, Groups;

    /// <summary>The padded dense image for the dense path, rows of PaddedWidth pixels of InChannels floats.</summary>
    internal float* Image;

    internal int PaddedWidth, PadTop, PadLeft;
}

/// <summary>One output row or column that an input row or column reaches.</summary>
/// <param name="Output">Where it begins among the outputs, in floats.</param>
/// <param name="Weights">Where the kernel row or column that connects them begins among the weights, in floats.</param>
internal readonly record struct Tap(int Output, int Weights);
