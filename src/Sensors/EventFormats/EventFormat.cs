namespace EdgeAutonomy.Sensors;

/// <summary>The event-camera formats the project knows by name; <see cref="EventFormats"/> says which of them it can read and write.</summary>
public enum EventFormat : byte
{
    /// <summary>Not determined.</summary>
    Unknown = 0,

    /// <summary>Prophesee EVT2.0: 32-bit words.</summary>
    Evt2 = 1,

    /// <summary>Prophesee EVT2.1: 64-bit words with a 32-pixel mask.</summary>
    Evt21 = 2,

    /// <summary>Prophesee EVT3.0: 16-bit words with state.</summary>
    Evt3 = 3,

    /// <summary>Prophesee EVT4.0: 32-bit words, vectors with a raw mask word.</summary>
    Evt4 = 4,

    /// <summary>N-MNIST and SLAYER 2-D files (.bin, .bs2): 5 bytes an event.</summary>
    Nmnist = 5,

    /// <summary>Prophesee DAT: 8 bytes an event.</summary>
    Dat = 6,

    /// <summary>jAER AEDAT 1 and 2.</summary>
    Aedat2 = 7,

    /// <summary>cAER AEDAT 3.</summary>
    Aedat3 = 8,

    /// <summary>DV AEDAT 4.</summary>
    Aedat4 = 9,

    /// <summary>Event Stream (.es).</summary>
    EventStream = 10,

    /// <summary>HDF5 with events in it (DSEC, Metavision, v2e …).</summary>
    Hdf5 = 11,

    /// <summary>ROS 2 bag in SQLite (.db3).</summary>
    RosbagSqlite = 12,

    /// <summary>MCAP.</summary>
    Mcap = 13,

    /// <summary>Text columns.</summary>
    Csv = 14,
}
