namespace EdgeAutonomy.Agents;

/// <summary>The moments of a durable write at which the power may fail; for tests.</summary>
internal enum StoreStep
{
    TempWritten,
    TempSynced,
    Renamed,
    FolderSynced,
    Removed,
}
