namespace EdgeAutonomy.Agents;

/// <summary>Which kept messages a subscription brings (MQTT 5, 3.8.3.1).</summary>
public enum RetainHandling : byte
{
    /// <summary>Always.</summary>
    Send,

    /// <summary>Only when the broker did not know the subscription.</summary>
    SendIfNew,

    /// <summary>Never.</summary>
    Never,
}
