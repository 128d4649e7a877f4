namespace EdgeAutonomy.Recording;

/// <summary>Counts and times of a whole file: as its summary tells, or counted while scanning a file without one.</summary>
/// <param name="Messages">Messages.</param>
/// <param name="Schemas">Schemas.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Attachments">Attachments.</param>
/// <param name="MetadataRecords">Metadata records.</param>
/// <param name="Chunks">Chunks.</param>
/// <param name="StartNs">Earliest log time in ns; 0 without messages.</param>
/// <param name="EndNs">Latest log time in ns; 0 without messages.</param>
/// <param name="ChannelMessages">Messages by channel id.</param>
public sealed record McapStatistics(
    ulong Messages, int Schemas, long Channels, long Attachments, long MetadataRecords, long Chunks, ulong StartNs, ulong EndNs,
    IReadOnlyDictionary<ushort, ulong> ChannelMessages);
