namespace EdgeAutonomy.Perception;

/// <summary>What a threshold costs and gives.</summary>
/// <param name="Threshold">The threshold.</param>
/// <param name="MeanSteps">Steps until the stop, over the samples.</param>
/// <param name="Accuracy">Share of samples whose class at the stop is right.</param>
public readonly record struct ExitPoint(double Threshold, double MeanSteps, double Accuracy);
