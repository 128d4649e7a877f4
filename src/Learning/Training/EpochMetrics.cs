namespace EdgeAutonomy.Learning;

/// <summary>What one epoch of a training gave.</summary>
/// <param name="Epoch">Which, from 0.</param>
/// <param name="LearningRate">The rate of its last step.</param>
/// <param name="Loss">Mean loss of its batches, penalties included.</param>
/// <param name="Accuracy">Share of right answers in its batches, augmented and with dropout, 0 … 1.</param>
/// <param name="GradientNorm">Mean norm of the gradients before clipping.</param>
/// <param name="ValidationLoss">Loss of the validation set after it; NaN where there is none or it was not its turn.</param>
/// <param name="ValidationAccuracy">Share of right answers there, 0 … 1; NaN likewise.</param>
public readonly record struct EpochMetrics(int Epoch, double LearningRate, double Loss, double Accuracy, double GradientNorm, double ValidationLoss, double ValidationAccuracy);
