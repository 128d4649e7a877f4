namespace EdgeAutonomy.Agents;

/// <summary>What the running world model is; a policy made for another one is not loaded.</summary>
/// <param name="ActionVocabularySha256">Hash of the actions.</param>
/// <param name="ObservationSchemaSha256">Hash of the description (<see cref="MissionShape.Vocabulary"/>).</param>
/// <param name="DomainSha256">Hash of the domain.</param>
public sealed record BundleExpectations(string ActionVocabularySha256, string ObservationSchemaSha256, string DomainSha256);
