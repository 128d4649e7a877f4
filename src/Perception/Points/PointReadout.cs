namespace EdgeAutonomy.Perception;

/// <summary>The last weights of a point network: from the spikes of the whole window to one score per class.</summary>
/// <param name="Source">The population it sees.</param>
/// <param name="Weights">[input, class].</param>
/// <param name="Bias">[class].</param>
/// <param name="Classes">How many.</param>
internal sealed record PointReadout(int Source, float[] Weights, float[] Bias, int Classes);
