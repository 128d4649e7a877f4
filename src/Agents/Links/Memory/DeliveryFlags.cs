namespace EdgeAutonomy.Agents;

/// <summary>Bits of a delivery event.</summary>
internal static class DeliveryFlags
{
    public const byte Acknowledge = 1, Retained = 2;
}
