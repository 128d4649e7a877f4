namespace EdgeAutonomy.Perception;

/// <summary>The window that a convolution or a pooling moves over its input, in pixels.</summary>
internal readonly record struct ConvWindow(int Height, int Width, int StepY, int StepX, int PadTop, int PadLeft, int DilationY, int DilationX);
