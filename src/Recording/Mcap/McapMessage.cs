namespace EdgeAutonomy.Recording;

/// <summary>One message as it is read; valid until the reader moves on.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Sequence">Counter of the channel's own, or 0.</param>
/// <param name="LogTimeNs">When it was recorded, ns.</param>
/// <param name="PublishTimeNs">When it was published, ns.</param>
/// <param name="Data">Its bytes; a view into the reader's buffer, overwritten by the next move.</param>
/// <param name="IsChecked">Whether the CRC of its chunk was there and fits; false outside chunks and in a cut last chunk.</param>
public readonly record struct McapMessage(McapChannel Channel, uint Sequence, ulong LogTimeNs, ulong PublishTimeNs, ReadOnlyMemory<byte> Data, bool IsChecked);
