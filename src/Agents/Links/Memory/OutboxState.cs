namespace EdgeAutonomy.Agents;

/// <summary>The latest payload of a topic posted as state.</summary>
internal sealed class OutboxState
{
    /// <summary>Gets or sets it. Owns one count.</summary>
    public HubMessage? Latest { get; set; }

    /// <summary>Gets or sets who waits for its outcome.</summary>
    public TaskCompletionSource<PublishResult>? Waiter { get; set; }

    /// <summary>Gets or sets whether it waits to be sent.</summary>
    public bool Waits { get; set; }

    /// <summary>Gets or sets whether it was never sent.</summary>
    public bool IsNew { get; set; }
}
