namespace EdgeAutonomy.Learning;

/// <summary>How a network or a policy is made: <c>edge train NAME</c>.</summary>
public interface ITraining
{
    /// <summary>Gets the name on the command line; the model file is called so as well.</summary>
    string Name { get; }

    /// <summary>Gets what the network does, one sentence.</summary>
    string Summary { get; }

    /// <summary>Gets how the name of its model file ends.</summary>
    string Ending => ".nir";

    /// <summary>Gets which part of that ending is left out in the names of the files beside the model. The whole of it, unless another model may have the same name.</summary>
    string Tail => Ending;

    /// <summary>Trains one network with the context's seed.</summary>
    /// <param name="context">Seed, data, progress.</param>
    /// <param name="checkpoint">Where the state is kept while training goes on, and found again when it was interrupted; null = nowhere.</param>
    /// <exception cref="InvalidDataException">The data or the checkpoint are absent, damaged or of another training; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">It was ended early; the checkpoint holds what was done.</exception>
    TrainingOutcome Run(ExperimentContext context, string? checkpoint);
}
