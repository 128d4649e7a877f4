namespace EdgeAutonomy.Agents;

/// <summary>Makes links of one kind, so that a program can offer every adapter that was built into it.</summary>
public interface ILinkFactory
{
    /// <summary>Gets the name of the adapter, such as <c>mosquitto</c>.</summary>
    string Name { get; }

    /// <summary>Gets why the adapter cannot work on this machine, one sentence with the remedy; null = it can.</summary>
    string? Unavailable { get; }

    /// <summary>Makes a link; it does not connect yet.</summary>
    /// <param name="options">How it connects.</param>
    /// <exception cref="ArgumentException">An option breaks a rule.</exception>
    IMqttLink Create(LinkOptions options);
}
