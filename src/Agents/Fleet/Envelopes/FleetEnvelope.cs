using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>The four fields that every fleet message in JSON starts with, beside its version <c>v</c>.</summary>
/// <param name="Incarnation">Which start of the sender's program wrote it; <c>inc</c>, from 1.</param>
/// <param name="Sequence">Its number in its topic; <c>seq</c>, from 1.</param>
/// <param name="Epoch">The fencing token, term or revision it depends on; <c>epoch</c>, 0 = none.</param>
/// <param name="WallNs">The sender's wall clock, ns since 1970; <c>t</c>.</param>
public readonly record struct FleetEnvelope(uint Incarnation, ulong Sequence, ulong Epoch, long WallNs)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("v"u8, FleetPrefix.Version);
        json.WriteNumber("inc"u8, Incarnation);
        json.WriteNumber("seq"u8, Sequence);
        json.WriteNumber("epoch"u8, Epoch);
        json.WriteNumber("t"u8, WallNs);
    }
}
