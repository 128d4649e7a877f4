namespace EdgeAutonomy.Learning;

/// <summary>How a training runs.</summary>
public sealed record TrainerOptions
{
    /// <summary>Gets how often all samples are seen; at least 1.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Gets the samples per step; at least 1. An incomplete batch at the end of an epoch is left out.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets the learning rate over the steps.</summary>
    public LearningRate LearningRate { get; init; } = new OneCycleRate(1e-3);

    /// <summary>Gets the bound on the norm of all gradients together; infinite = none.</summary>
    public double ClipNorm { get; init; } = double.PositiveInfinity;

    /// <summary>Gets the seed of order, augmentation and dropout (not of the initial weights).</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets whether samples vary from epoch to epoch.</summary>
    public bool Augment { get; init; } = true;

    /// <summary>Gets after how many epochs the validation set is tried; the last one always is. 0 = only then.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>Gets where checkpoints go; null = none are written. If the file is there, the training goes on from it.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Gets after how many epochs a checkpoint is written; at least 1.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>Gets what else must be the same for a checkpoint to be taken up again: what the trainer cannot see, such as neurons and augmentation.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>Gets what is told how far the work is, 0 … 1, and what is being done; a few times per second at most.</summary>
    public Action<double, string> Progress { get; init; } = (_, _) => { };

    /// <summary>Gets the clock of the remaining time in that text; it has no effect on the result.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
