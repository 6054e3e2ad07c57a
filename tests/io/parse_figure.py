"""The figure of a run is XML that a strict parser accepts, with finite coordinates and nothing from elsewhere."""
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET



def check(folder, *protocol):
    path = os.path.join(folder, "healthy.svg")
    command = [os.environ["CORONET"], "run", "healthy", "--plot", path, *protocol]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert os.listdir(folder) == ["healthy.svg"], "something was left beside the figure"
    root = ET.parse(path).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.findall(".//{*}path"), "no curve"
    for element in root.iter():
        assert "id" not in element.attrib and not [k for k in element.attrib if k.endswith("href")], element.attrib
        for key in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "d", "points"):
            value = element.get(key, "")
            assert re.fullmatch(r"[-0-9., MLVhZz]*", value), f"{element.tag} {key}={value[:60]}"


with tempfile.TemporaryDirectory() as folder:
    check(folder)
    check(folder, "--protocol", "autoregulation,exercise_ramp,pressure_step,pacing_step,occlusion")
