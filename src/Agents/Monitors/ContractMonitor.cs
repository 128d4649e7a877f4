namespace EdgeAutonomy.Agents;

/// <summary>Sees the world model change under a policy that was made for another one.</summary>
/// <param name="made">What the policy was made for.</param>
public sealed class ContractMonitor(BundleExpectations made)
{
    /// <summary>Takes the world model's present hashes.</summary>
    /// <param name="running">The running world model.</param>
    public MonitorTrigger? Observe(BundleExpectations running)
    {
        ArgumentNullException.ThrowIfNull(running);
        string? what = running.ActionVocabularySha256 != made.ActionVocabularySha256 ? $"actions {Short(running.ActionVocabularySha256)}, the policy knows {Short(made.ActionVocabularySha256)}"
            : running.ObservationSchemaSha256 != made.ObservationSchemaSha256 ? $"observations {Short(running.ObservationSchemaSha256)}, the policy knows {Short(made.ObservationSchemaSha256)}"
            : running.DomainSha256 != made.DomainSha256 ? $"domain {Short(running.DomainSha256)}, the policy knows {Short(made.DomainSha256)}" : null;
        return what is null ? null : new MonitorTrigger("contract", MonitorAction.Refuse, $"the world model now has {what}");
    }

    private static string Short(string hash) => hash[..Math.Min(12, hash.Length)];
}
