namespace EdgeAutonomy.Agents;

/// <summary>What kind of policy a bundle holds.</summary>
public enum BundleKind
{
    /// <summary>A trained network.</summary>
    Compact,

    /// <summary>Settings of a planner.</summary>
    Planner,

    /// <summary>A language model's id, prompt template and grammar, versioned together.</summary>
    Llm,
}
