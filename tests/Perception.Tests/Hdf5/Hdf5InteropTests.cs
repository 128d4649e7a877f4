using System.Text.Json;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Files written by the reference library in every way that the reader claims to know.</summary>
public class Hdf5InteropTests
{
    private const string Make = """
        import sys, json, h5py, numpy as np
        path, bounds, block = sys.argv[1], sys.argv[2], int(sys.argv[3])
        low = None if bounds == 'default' else (bounds if bounds == 'earliest' else (bounds, bounds))
        out = {}
        rng = np.random.RandomState(1)
        with h5py.File(path, 'w', libver=low, userblock_size=block) as f:
            def put(name, data, **kw):
                f.create_dataset(name, data=data, **kw)
                a = np.asarray(data)
                out[name] = {'shape': list(a.shape), 'values': [float(v) for v in a.ravel()]}
            put('f4', rng.randn(7, 5).astype('f4'))
            put('f8', rng.randn(7, 5))
            put('f2', rng.randn(11).astype('f2'))
            put('big_f4', rng.randn(6).astype('>f4'))
            put('big_f8', rng.randn(6).astype('>f8'))
            put('big_i2', rng.randint(-30000, 30000, 9).astype('>i2'))
            for t in ('i1', 'i2', 'i4', 'i8'): put(t, rng.randint(-100, 100, (3, 4)).astype(t))
            for t in ('u1', 'u2', 'u4', 'u8'): put(t, rng.randint(0, 200, (3, 4)).astype(t))
            put('bool', rng.randint(0, 2, 13).astype(bool))
            put('scalar', 2.5)
            put('empty', np.zeros((0, 3), 'f4'))
            put('deep/er/est', np.arange(3))
            data = rng.randn(13, 9, 5).astype('f4')
            if bounds in ('default', 'earliest', 'v108'):
                put('chunk_plain', data, chunks=(4, 3, 2))
                put('chunk_gzip', data, chunks=(4, 9, 5), compression='gzip')
                put('chunk_shuffle', data, chunks=(5, 4, 3), compression='gzip', shuffle=True)
                put('chunk_all', data, chunks=(13, 2, 5), compression=9, shuffle=True, fletcher32=True)
                put('chunk_sum', data, chunks=(2, 2, 2), fletcher32=True)
                put('chunk_many', np.arange(5000), chunks=(3,), compression=1)
                put('chunk_odd', rng.randint(0, 9, 77).astype('i2'), chunks=(10,), shuffle=True, compression=4)
                put('chunk_grow', np.arange(20, dtype='i4'), chunks=(16,), maxshape=(None,), compression=4)
                d = f.create_dataset('chunk_holes', (40,), 'f8', chunks=(8,), fillvalue=-1.5)
                d[10:12] = [1, 2]
                out['chunk_holes'] = {'shape': [40], 'values': [float(v) for v in d[()]]}
            d = f.create_dataset('never', (6,), 'i4', fillvalue=42)
            out['never'] = {'shape': [6], 'values': [42.0] * 6}
            plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE); plist.set_layout(h5py.h5d.COMPACT)
            c = h5py.h5d.create(f.id, b'compact', h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((4,)), plist)
            c.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, -2, 3, -4], 'i4'))
            out['compact'] = {'shape': [4], 'values': [1.0, -2.0, 3.0, -4.0]}
            f['text'] = 'Grüße'
            f['text_empty'] = ''
            f['text_fixed'] = np.bytes_('fixed')
            f['texts'] = np.array(['a', '', 'dé', 'x' * 5000], dtype=h5py.string_dtype())
            f['texts_fixed'] = np.array([b'ab', b'abcd', b''], dtype='S4')
            v = f.create_dataset('ragged', (3,), dtype=h5py.vlen_dtype(np.dtype('f4')))
            v[0] = [1, 2, 3]; v[2] = [4.5]
            f['null'] = h5py.Empty('f4')
            f['compound'] = np.zeros(3, dtype=[('a', 'i4'), ('b', 'f4')])
            g = f.create_group('few')
            for i in range(5): g.attrs['k%d' % i] = np.arange(i, dtype='i8')
            g.attrs['t'] = 'text'
            h = f.create_group('attributes')
            for i in range(70): h.attrs['name%03d' % i] = float(i)
            m = f.create_group('many')
            for i in range(700): m.create_group('child%04d' % i)
            f['soft'] = h5py.SoftLink('/f4')
        json.dump(out, sys.stdout)
        """;

    [SkippableTheory]
    [InlineData("default", 0)]
    [InlineData("earliest", 0)]
    [InlineData("earliest", 512)]
    [InlineData("earliest", 4096)]
    [InlineData("v108", 0)]
    [InlineData("v108", 1024)]
    [InlineData("v110", 0)]
    public void Open_FileByReferenceLibrary_GivesSameValues(string bounds, int userBlock)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("zoo.h5");
        using var expected = JsonDocument.Parse(Python.Run(Make, path, bounds, userBlock.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var root = Hdf5File.Open(path).Root;
        foreach (var entry in expected.RootElement.EnumerateObject())
        {
            var dataset = Dataset(root, entry.Name);
            Assert.Equal(entry.Value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32()), dataset.Shape);
            var values = entry.Value.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()).ToArray();
            Assert.Equal(values, dataset.Elements().ToDouble());
            Assert.Equal(values.Select(v => (float)v), dataset.Elements().ToSingle());
            if (dataset.Type.Class == Hdf5TypeClass.Integer) Assert.Equal(values.Select(v => (long)v), dataset.Elements().ToInt64());
        }
        Assert.Equal(["Grüße"], Dataset(root, "text").Elements().ToTexts());
        Assert.Equal([""], Dataset(root, "text_empty").Elements().ToTexts());
        Assert.Equal(["fixed"], Dataset(root, "text_fixed").Elements().ToTexts());
        Assert.Equal(["a", "", "dé", new string('x', 5000)], Dataset(root, "texts").Elements().ToTexts());
        Assert.Equal(["ab", "abcd", ""], Dataset(root, "texts_fixed").Elements().ToTexts());
        Assert.Equal([[1, 2, 3], [], [4.5]], Dataset(root, "ragged").Elements().ToSequences());
        Assert.True(Dataset(root, "null").IsNull);
        Assert.Equal(Hdf5TypeClass.Other, Dataset(root, "compound").Type.Class);
        Assert.Contains("soft", Assert.Throws<ModelFileException>(() => root.Find("soft")).Message, StringComparison.Ordinal);
        Assert.Null(root.Find("absent"));

        var few = root.Find("few")!.Attributes();
        Assert.Equal(6, few.Count);
        Assert.Equal([0L, 1, 2, 3], few["k4"].Elements().ToInt64());
        Assert.Equal(["text"], few["t"].Elements().ToTexts());
        var many = root.Find("attributes")!.Attributes();
        Assert.Equal(70, many.Count);
        for (int i = 0; i < 70; i++) Assert.Equal([i], many[$"name{i:D3}"].Elements().ToDouble());
        var children = (Hdf5Group)root.Find("many")!;
        Assert.Equal(Enumerable.Range(0, 700).Select(i => $"child{i:D4}"), children.Names);
        Assert.IsType<Hdf5Group>(children.Find("child0699"));
    }

    [SkippableFact]
    public void Elements_NewChunkIndex_IsRefusedWithRemedy()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("latest.h5");
        Python.Run("import sys, h5py, numpy as np\nwith h5py.File(sys.argv[1], 'w', libver='latest') as f: f.create_dataset('x', data=np.arange(100), chunks=(10,))", path);
        var error = Assert.Throws<ModelFileException>(() => Dataset(Hdf5File.Open(path).Root, "x").Elements());
        Assert.Equal("/x", error.Place);
        Assert.Contains("write the file again", error.Message, StringComparison.Ordinal);
    }

    private static Hdf5Dataset Dataset(Hdf5Group group, string path)
    {
        Hdf5Object found = group;
        foreach (string name in path.Split('/')) found = ((Hdf5Group)found).Find(name)!;
        return Assert.IsType<Hdf5Dataset>(found);
    }
}
