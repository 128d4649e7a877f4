namespace EdgeAutonomy.Learning;

/// <summary>A paper's experiment at our scale: <c>edge reproduce NAME</c>.</summary>
public interface IExperiment
{
    /// <summary>Gets the name on the command line.</summary>
    string Name { get; }

    /// <summary>Gets what it shows, one sentence.</summary>
    string Summary { get; }

    /// <summary>Gets the paper.</summary>
    string Source { get; }

    /// <summary>Runs it.</summary>
    /// <exception cref="InvalidDataException">The data are absent or damaged; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    ExperimentResult Run(ExperimentContext context);
}
