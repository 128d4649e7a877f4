using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>A fitted progress estimator as the file that <see cref="ProgressEstimator"/> runs.</summary>
/// <param name="Name">The name on the card.</param>
/// <param name="Shape">The missions' shape.</param>
/// <param name="Attributor">The estimator, which sees the view and has hidden layers.</param>
public sealed record ProgressModel(string Name, MissionShape Shape, SpaAttributor Attributor) : TrainedModel
{
    /// <inheritdoc/>
    public override string Ending => ProgressFile.Ending;

    /// <summary>Returns card and weights for the runtime; later fits do not change them.</summary>
    /// <param name="origin">Where they come from.</param>
    /// <exception cref="InvalidOperationException">The estimator is one that a robot cannot feed.</exception>
    public ProgressWeights ToWeights(ModelOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var options = Attributor.Options;
        if (options.Input != AttributorInput.View || options.Hidden.Count == 0) throw new InvalidOperationException($"Progress estimator '{Name}' sees the {options.Input} through {options.Hidden.Count} hidden layers; a file is for those that see the view, through one or more.");
        var card = new ProgressCard
        {
            Name = Name, Attributor = Attributor.Id, Version = Attributor.Version, State = Shape.State, Event = Shape.Event, Candidate = Shape.Candidate, VocabularyHash = CandidateWeights.HashOf(Shape.Vocabulary), Hidden = [.. options.Hidden],
            Command = origin.Command, Seed = origin.Seed, Result = origin.Result,
        };
        return new ProgressWeights(card, [.. Attributor.Parameters.Select(p => (float[])p.Value.Clone())]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(string path, ModelOrigin origin)
    {
        ProgressFile.Write(path, ToWeights(origin));
        return [path];
    }
}
