namespace EdgeAutonomy.Perception;

/// <summary>What a threshold costs and gives.</summary>
/// <param name="Threshold">The threshold.</param>
/// <param name="MeanSteps">Steps until the stop, over the samples.</param>
/// <param name="Accuracy">Share of samples whose class at the stop is right.</param>
/// <param name="Lost">Share of samples whose class is wrong at the stop and right after all steps. Unlike the difference of accuracies it does not set off what was won by chance.</param>
public readonly record struct ExitPoint(double Threshold, double MeanSteps, double Accuracy, double Lost = 0);
