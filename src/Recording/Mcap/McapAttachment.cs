namespace EdgeAutonomy.Recording;

/// <summary>A file inside the file; <see cref="McapReader.ReadAttachment"/> gives its bytes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MediaType">Such as "application/json".</param>
/// <param name="LogTimeNs">When it was recorded, ns.</param>
/// <param name="CreateTimeNs">When it was made, ns; 0 = unknown.</param>
/// <param name="DataBytes">Its size.</param>
/// <param name="Offset">Where its record starts, in bytes.</param>
/// <param name="Length">Bytes of its record, opcode and length included.</param>
public sealed record McapAttachment(string Name, string MediaType, ulong LogTimeNs, ulong CreateTimeNs, long DataBytes, long Offset, long Length);
